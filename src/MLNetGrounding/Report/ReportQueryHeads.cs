namespace MLNetGrounding.Report;

/// <summary>Every head over all images for one query, in <see cref="ReportData"/>; each list is <c>[layers, heads]</c>.</summary>
/// <param name="Name">The query.</param>
/// <param name="Images">The number of images whose maps of this query could be computed.</param>
/// <param name="Scored">The number of those in which it was scored.</param>
/// <param name="Chance">The hit rate of maps in random order on these; <see langword="null"/> where nothing is scored.</param>
/// <param name="BestByChance">
/// What the best of so many heads that know nothing would exceed in one case of twenty; <see langword="null"/> for all queries together,
/// where the same images count several times.
/// </param>
/// <param name="Kept">The share of images in which each head was kept.</param>
/// <param name="Entropy">Mean normalized entropy.</param>
/// <param name="SpatialEntropy">Mean spatial entropy of the images in which a head looks at any place.</param>
/// <param name="Compactness">Mean compactness.</param>
/// <param name="HitRate">The hit rate at equal area of each head's own map; empty where nothing is scored.</param>
internal sealed record ReportQueryHeads(
    string Name,
    int Images,
    int Scored,
    double? Chance,
    double? BestByChance,
    IReadOnlyList<double?> Kept,
    IReadOnlyList<double?> Entropy,
    IReadOnlyList<double?> SpatialEntropy,
    IReadOnlyList<double?> Compactness,
    IReadOnlyList<double?> HitRate
);
