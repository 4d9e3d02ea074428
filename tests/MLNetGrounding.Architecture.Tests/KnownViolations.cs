namespace MLNetGrounding.Architecture;

/// <summary>What is not mended yet. The lists only shrink: an entry that is no longer needed fails its test. All are to end empty.</summary>
/// <remarks>An entry is an assembly, a file of it, or, with a slash at its end, a folder.</remarks>
internal static class KnownViolations
{
    private const string Components = "MLNetGrounding";

    /// <summary>What still names birds outside of Data/Cub and the samples.</summary>
    public static IReadOnlyList<string> Birds { get; } =
    [
        $"{Components}/Attention/CapturingOptions.cs",
        $"{Components}/Catalogs/GroundingCatalog.cs",
        $"{Components}/Catalogs/GroundingTransformsCatalog.cs",
        $"{Components}/Comparison/MethodEvaluationOptions.cs",
        $"{Components}/Prediction/GroundingEngineOptions.cs",
        $"{Components}/Rendering/",
        $"{Components}/Report/",
        $"{Components}/Results/",
        $"{Components}/Scoring/MpirEvaluatorOptions.cs",
    ];

    /// <summary>Fails on what is not in the list, and on what is in the list without need.</summary>
    public static void Compare(IReadOnlyCollection<Violation> found, IReadOnlyList<string> known)
    {
        string[] fresh = [.. found.Where(violation => !known.Any(entry => Covers(entry, violation))).Select(violation => $"{violation.Place}: {violation.What}").Distinct()];
        Assert.IsEmpty(fresh, $"Found {fresh.Length}:\n{string.Join('\n', fresh)}");
        string[] mended = [.. known.Where(entry => !found.Any(violation => Covers(entry, violation)))];
        Assert.IsEmpty(mended, $"Mended; take it off the list: {string.Join(", ", mended)}");
    }

    private static bool Covers(string entry, Violation violation) =>
        entry.EndsWith('/') ? violation.Place.StartsWith(entry, StringComparison.Ordinal) : violation.Place == entry;
}
