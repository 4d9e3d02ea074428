namespace MLNetGrounding.Tool;

/// <summary>An image of a run, as a line of <c>maps.jsonl</c> keeps it.</summary>
/// <param name="Image">The file.</param>
/// <param name="Geometry">Where its pixels lie on the grid; null where it could not be grounded.</param>
/// <param name="Maps">The words' maps one after the other, float32, little-endian.</param>
internal sealed record RunRow(string Image, float[]? Geometry, byte[]? Maps)
{
    /// <summary>What the data calls the image; of images without annotations nothing.</summary>
    public string? Id { get; init; }

    /// <summary>What it shows, in words.</summary>
    public string? Label { get; init; }

    /// <summary>What is annotated; null for images without annotations.</summary>
    public RunAnnotations? Annotations { get; init; }
}
