namespace MLNetGrounding;

/// <summary>The key points of CUB-200-2011 and the fine-grained attributes that are scored on them.</summary>
public static class CubParts
{
    /// <summary>The 15 key points in the order of CUB's <c>parts/parts.txt</c>.</summary>
    public static IReadOnlyList<string> KeyPointNames { get; } =
    [
        "back",
        "beak",
        "belly",
        "breast",
        "crown",
        "forehead",
        "left eye",
        "left leg",
        "left wing",
        "nape",
        "right eye",
        "right leg",
        "right wing",
        "tail",
        "throat",
    ];

    /// <summary>
    /// The ten attributes in the order of the paper's table 1 ("Can Large Vision Language Models Ground Fine-Grained Attribute?").
    /// </summary>
    public static IReadOnlyList<string> Attributes { get; } =
    ["beak", "belly", "breast", "head", "wing", "eye", "tail", "throat", "back", "leg"];

    /// <summary>
    /// For each attribute the indices of its key points in <see cref="KeyPointNames"/>. An attribute counts as hit if any of its visible
    /// key points is: an eye, wing or leg is the left or the right one; the head is crown, forehead or nape.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> KeyPointsOf { get; } =
        new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal)
        {
            ["beak"] = [1],
            ["belly"] = [2],
            ["breast"] = [3],
            ["head"] = [4, 5, 9],
            ["wing"] = [8, 12],
            ["eye"] = [6, 10],
            ["tail"] = [13],
            ["throat"] = [14],
            ["back"] = [0],
            ["leg"] = [7, 11],
        };

    /// <summary>
    /// The attributes in fixed pairs of places far apart: a map for one that is scored on the other tells whether it shows the queried part
    /// or just the bird.
    /// </summary>
    public static IReadOnlyDictionary<string, string> SwappedQueries { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["eye"] = "tail",
            ["tail"] = "eye",
            ["beak"] = "leg",
            ["leg"] = "beak",
            ["head"] = "belly",
            ["belly"] = "head",
            ["breast"] = "back",
            ["back"] = "breast",
            ["wing"] = "throat",
            ["throat"] = "wing",
        };

    /// <summary>All of this as <c>LoadCub</c> writes it on the column <c>KeyPoints</c>.</summary>
    public static KeyPointDescription Description { get; } =
        new()
        {
            Names = KeyPointNames,
            KeyPointTable = KeyPointsOf,
            SwappedQueries = SwappedQueries,
        };
}
