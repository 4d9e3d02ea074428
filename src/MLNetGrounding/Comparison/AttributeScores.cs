namespace MLNetGrounding;

/// <summary>How well one method, or baseline, points at one attribute, over the images in which it is visible.</summary>
/// <param name="Name">The attribute: the query's name.</param>
/// <param name="Count">The number of images in which it was scored.</param>
/// <param name="Regions">The regions of each threshold, in the thresholds' order.</param>
/// <param name="FixedAreas">The regions of each fixed area; NaN for a baseline that is a region itself.</param>
/// <param name="Pointing">The share of images with a visible key point in the cell of the map's maximum, from 0 to 1.</param>
/// <param name="PartPointing">The share of images with a pixel of the part in that cell; NaN without masks.</param>
/// <param name="Auc">The mean percentile rank of the best visible key point among the frame's values: 0.5 is chance, 1 the best.</param>
/// <param name="MassInBox">The mean share of the map's mass inside the object's bounding box, from 0 to 1.</param>
public sealed record AttributeScores(
    string Name,
    int Count,
    IReadOnlyList<RegionScores> Regions,
    IReadOnlyList<FixedAreaScores> FixedAreas,
    Estimate Pointing,
    Estimate PartPointing,
    Estimate Auc,
    Estimate MassInBox
)
{
    /// <summary>
    /// The numbers of <see cref="MethodEvaluationOptions.FurtherScores"/> by the names of their columns; NaN for a baseline that is a
    /// region itself.
    /// </summary>
    public IReadOnlyDictionary<string, Estimate> Further { get; init; } = new Dictionary<string, Estimate>();

    /// <summary>The mean share of the map's mass on the whole object, from 0 to 1; NaN without masks of it.</summary>
    public Estimate MassInObject { get; init; } = Estimate.None;

    /// <summary>
    /// The share of images whose map is the same everywhere, as a map of zeros is: it has no region and no peak, and counts as a miss. NaN
    /// for a baseline that is a region itself.
    /// </summary>
    public Estimate ConstantMaps { get; init; } = Estimate.None;

    /// <summary>The scores of the regions of one threshold.</summary>
    /// <param name="threshold">One of the thresholds that were evaluated.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold was not evaluated.</exception>
    public RegionScores AtThreshold(double threshold) =>
        Regions.FirstOrDefault(each => each.Threshold == threshold)
        ?? throw new ArgumentOutOfRangeException(
            nameof(threshold),
            threshold,
            $"Evaluated were the thresholds {string.Join(", ", Regions.Select(each => FormattableString.Invariant($"{each.Threshold}")))}."
        );
}
