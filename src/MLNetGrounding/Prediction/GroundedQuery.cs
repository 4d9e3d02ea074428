namespace MLNetGrounding;

/// <summary>What a model looked at in one image when it was asked about one word.</summary>
public sealed class GroundedQuery
{
    private readonly ImageGeometry? _geometry;
    private readonly double _threshold;
    private PredictedRegion? _region;

    internal GroundedQuery(
        string name,
        ReadOnlyMemory<float> map,
        MapGrid grid,
        ImageGeometry? geometry,
        double threshold,
        (bool Hit, double Area, double Mpir)? score
    )
    {
        Name = name;
        Map = map;
        Grid = grid;
        _geometry = geometry;
        _threshold = threshold;
        (Hit, Area, Mpir) = (score?.Hit, score?.Area, score?.Mpir);
    }

    /// <summary>The query's name, the word for queries that were given as words.</summary>
    public string Name { get; }

    /// <summary>The cells of the map.</summary>
    public MapGrid Grid { get; }

    /// <summary>
    /// The grounding map, <c>[gridHeight, gridWidth]</c>, row by row; NaN where the image, or this query of it, could not be computed.
    /// </summary>
    public ReadOnlyMemory<float> Map { get; }

    /// <summary>The predicted region at the engine's <see cref="GroundingEngineOptions.RegionThreshold"/>.</summary>
    public PredictedRegion Region => _region ??= RegionAt(_threshold);

    /// <summary>Whether a visible key point lies in the region that the model scored; <see langword="null"/>: not scored.</summary>
    public bool? Hit { get; }

    /// <summary>
    /// The share of the image's frame that the model scored, from 0 to 1; <see langword="null"/>: not scored.
    /// <see cref="PredictedRegion.Area"/> is always known.
    /// </summary>
    public double? Area { get; }

    /// <summary>1 / area for a hit, else 0 (equation 5 of the paper); <see langword="null"/>: not scored.</summary>
    public double? Mpir { get; }

    /// <summary>The predicted region at another threshold.</summary>
    /// <param name="threshold">The region is where the map, scaled to 0..1, is at least this, from 0 to 1.</param>
    /// <returns>The region; empty for a constant map and where the map is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    public PredictedRegion RegionAt(double threshold)
    {
        bool[] cells = new bool[Map.Length];
        if (_geometry is not null)
        {
            Maths.Regions.Region.Threshold(Map.Span, threshold, cells);
        }

        return new PredictedRegion(cells, Grid, _geometry);
    }

    /// <summary>The predicted region by another rule than a threshold, with the rule's own box.</summary>
    /// <param name="rule">How the map becomes a region.</param>
    /// <returns>The region; empty for a constant map and where the map is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A setting of the rule is out of its range.</exception>
    public PredictedRegion RegionBy(RegionRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rule.Validate();
        bool[] cells = new bool[Map.Length];
        if (_geometry is not { } geometry || !Maths.Numerics.Numbers.AreFinite(Map.Span))
        {
            return new PredictedRegion(cells, Grid, _geometry);
        }

        rule.Mark(Map.Span, geometry, cells);
        return new PredictedRegion(cells, Grid, geometry, rule.HasOwnBox ? rule.Box(Map.Span, geometry, cells) : null);
    }
}
