using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>What <see cref="GroundingCatalog.CompareMaps"/> reads and says.</summary>
public sealed record MapComparisonOptions
{
    /// <summary>
    /// The methods, in the order of the tables. Default <see langword="null"/>: every column named <c>GroundingMaps</c> or
    /// <c>GroundingMaps.NAME</c>.
    /// </summary>
    public IReadOnlyList<EvaluatedMethod>? Methods { get; init; }

    /// <summary>
    /// Input: where the image's pixels lie on the grid, <see cref="ImageGeometry.Length"/> floats. Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; init; } = GroundingColumns.Geometry;

    /// <summary>The names of the queries, for map columns that carry none. Default <see langword="null"/>: the columns' own.</summary>
    public IReadOnlyList<string>? QueryNames { get; init; }

    /// <summary>The region is where a map, scaled to 0..1, is at least this. Default 0.05.</summary>
    public double RegionThreshold { get; init; } = MethodEvaluationOptions.Defaults.RegionThreshold;

    /// <summary>
    /// The share of the frame that the cells of largest value must cover where methods are compared at equal area, above 0 and at most 1.
    /// Default 0.05.
    /// </summary>
    public double Area { get; init; } = MethodEvaluationOptions.Defaults.SmallArea;

    /// <summary>How many times the images are resampled for the intervals. Default 1000.</summary>
    public int BootstrapReplicates { get; init; } = 1000;

    /// <summary>The share of resamplings inside an interval, between 0 and 1. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The seed of the resamplings. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The rows, in words for the report. Default "all rows".</summary>
    public string RowsDescription { get; init; } = "all rows";

    /// <summary>What is compared, in words for the report: lines of a name and a text. Default: nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Origin { get; init; } = [];

    /// <summary>Is told the number of images done after each. Default <see langword="null"/>.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Ends the comparison after the image in hand, with <see cref="OperationCanceledException"/>. Default: never.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Validate()
    {
        OptionChecks.Share(RegionThreshold, nameof(RegionThreshold));
        ArgumentNullException.ThrowIfNull(Origin, nameof(Origin));
        ArgumentOutOfRangeException.ThrowIfLessThan(BootstrapReplicates, 1, nameof(BootstrapReplicates));
        if (!(Area > 0 && Area <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Area), Area, $"{nameof(Area)} must be above 0 and at most 1.");
        }

        if (!(Confidence > 0 && Confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Confidence), Confidence, $"{nameof(Confidence)} must lie between 0 and 1.");
        }
    }
}
