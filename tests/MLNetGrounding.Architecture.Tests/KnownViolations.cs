namespace MLNetGrounding.Architecture;

/// <summary>What is not mended yet. The lists only shrink: an entry that is no longer needed fails its test.</summary>
internal static class KnownViolations
{
    /// <summary>Assemblies whose folders still form circles.</summary>
    public static IReadOnlyList<string> Circles { get; } = [Models];

    /// <summary>Files that still name what only Data/Cub and the samples know.</summary>
    public static IReadOnlyList<string> Birds { get; } = [];

    /// <summary>Files that still name a family of models.</summary>
    public static IReadOnlyList<string> Families { get; } = [];

    /// <summary>Files whose types are in another namespace than their folder says.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = [];

    private const string Models = "MLNetGrounding.Models";

    /// <summary>Fails on what is not in the list, and on what is in the list without need.</summary>
    public static void Compare(IReadOnlyCollection<Violation> found, IReadOnlyList<string> known)
    {
        string[] fresh = [.. found.Where(violation => !known.Contains(violation.Place)).Select(violation => $"{violation.Place}: {violation.What}").Distinct()];
        Assert.IsEmpty(fresh, $"Found {fresh.Length}:\n{string.Join('\n', fresh)}");
        string[] mended = [.. known.Except(found.Select(violation => violation.Place))];
        Assert.IsEmpty(mended, $"Mended; take it off the list: {string.Join(", ", mended)}");
    }
}
