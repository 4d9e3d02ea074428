namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// All scores of one map of one query on one image, as a row of numbers: those of the map itself, those of the regions of each threshold,
/// those of the regions of each fixed area, and the user's. It keeps buffers and serves one thread.
/// </summary>
internal sealed class MapScorer
{
    private const int MapColumns = 6;

    private readonly (GroundingScore Score, int Columns)[] _scores;
    private readonly CellOrder _order;
    private readonly int _thresholds;

    /// <param name="grid">The cells of the maps.</param>
    /// <param name="thresholds">Where regions begin, each from 0 to 1; see <see cref="Regions.Region.Threshold"/>.</param>
    /// <param name="areas">Shares of the frame, each above 0 and at most 1; see <see cref="FixedArea"/>.</param>
    /// <param name="further">Scores besides these.</param>
    public MapScorer(
        MapGrid grid,
        IReadOnlyList<double> thresholds,
        IReadOnlyList<double> areas,
        IReadOnlyList<GroundingScore>? further = null
    )
    {
        _thresholds = thresholds.Count;
        _order = new CellOrder(grid.Cells);
        _scores = [.. ScoresOf(thresholds, areas, further).Select(score => (score, score.Columns.Count))];
    }

    /// <summary>Whether a key point lies in the cell of the maximum.</summary>
    public const int Pointing = 0;

    /// <summary>Whether a pixel of the part's mask lies in the cell of the maximum; NaN without masks.</summary>
    public const int PartPointing = 1;

    /// <summary>The percentile rank of the best key point.</summary>
    public const int Rank = 2;

    /// <summary>The share of the map's mass in the bounding box; NaN without a box.</summary>
    public const int MassInBox = 3;

    /// <summary>Whether the map is the same everywhere.</summary>
    public const int ConstantMap = 4;

    /// <summary>The share of the map's mass on the whole object; NaN without its mask.</summary>
    public const int MassInObject = 5;

    /// <summary>The columns of a threshold.</summary>
    public static RegionColumns RegionAt(int threshold) => new(MapColumns + RegionColumns.Count * threshold);

    /// <summary>The columns of a fixed area.</summary>
    public static FixedAreaColumns FixedAreaAt(int area, int thresholds) =>
        new(MapColumns + RegionColumns.Count * thresholds + FixedAreaColumns.Count * area);

    /// <summary>The first column of the further scores, which stand last.</summary>
    public static int FurtherAt(int thresholds, int areas) => FixedAreaAt(areas, thresholds).Hit;

    /// <summary>The scores in order.</summary>
    public static ScoreColumn[] Columns(
        IReadOnlyList<double> thresholds,
        IReadOnlyList<double> areas,
        IReadOnlyList<GroundingScore>? further = null
    ) => [.. ScoresOf(thresholds, areas, further).SelectMany(score => score.Columns)];

    /// <summary>Scores a map.</summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>; finite.</param>
    /// <param name="image">What is annotated.</param>
    /// <param name="query">The query whose key points and part count; one of its key points must be visible.</param>
    /// <param name="scores">Receives the scores, as many as <see cref="Columns"/>.</param>
    public void ScoreMap(ReadOnlySpan<float> map, AnnotatedImage image, int query, Span<float> scores)
    {
        ScoredMap scored = new(map, image, query, _order.Of(map));
        int first = 0;
        foreach ((GroundingScore? score, int columns) in _scores)
        {
            score.Score(scored, scores.Slice(first, columns));
            first += columns;
        }
    }

    /// <summary>Scores a region that was not made from a map: the same at every threshold, and no score that needs a map.</summary>
    /// <param name="hitRate">1 for a hit, 0 for a miss, or the share of hits of a region that was drawn several times.</param>
    /// <param name="area">The region's share of the frame.</param>
    /// <param name="scores">Receives the scores, as many as <see cref="Columns"/>; NaN where a map is needed.</param>
    public void ScoreRegion(double hitRate, double area, Span<float> scores)
    {
        scores.Fill(float.NaN);
        for (int index = 0; index < _thresholds; index++)
        {
            ThresholdScore.ScoreRegion(hitRate, area, scores.Slice(RegionAt(index).Hit, RegionColumns.Count));
        }
    }

    private static GroundingScore[] ScoresOf(
        IReadOnlyList<double> thresholds,
        IReadOnlyList<double> areas,
        IReadOnlyList<GroundingScore>? further
    ) =>
        [
            new PointingScore(),
            new RankScore(),
            new BoxMassScore(),
            new ConstantMapScore(),
            new ObjectMassScore(),
            .. thresholds.Select(threshold => new ThresholdScore(threshold)),
            .. areas.Select(area => new FixedAreaScore(area)),
            .. further ?? [],
        ];
}
