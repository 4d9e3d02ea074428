namespace MLNetGrounding.Comparison;

/// <summary>One thing that is scored on every image: a method, a method with swapped queries, or a baseline.</summary>
internal sealed record ScoreEntry(string Name, MethodKind Kind, string Description);
