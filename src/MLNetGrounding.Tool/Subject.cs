namespace MLNetGrounding.Tool;

/// <summary>An image to ground, and what is annotated of it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Id">What tells it from all others: of annotated images what the data calls them.</param>
internal sealed record Subject(string Path, string Id)
{
    /// <summary>What it shows, in words.</summary>
    public string Label { get; init; } = "";

    /// <summary>The annotations, or null.</summary>
    public RunAnnotations? Annotations { get; init; }
}
