namespace MLNetGrounding.Comparison;

/// <summary>One thing that is scored on every image: a method, a method with swapped queries, or a baseline.</summary>
internal sealed record ScoreEntry(string Name, MethodKind Kind, string Description)
{
    /// <summary>The method whose maps are scored, where these are another's.</summary>
    public string? MapsOf { get; init; }
}
