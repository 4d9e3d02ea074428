namespace MLNetGrounding.Data;

/// <summary>An image with its annotations, as data sets other than those with rows of their own have them.</summary>
internal sealed record AnnotatedRow
{
    /// <summary>What the data set calls it, different for each row.</summary>
    public required string ImageId { get; init; }

    /// <summary>The file, a full path.</summary>
    public required string ImagePath { get; init; }

    /// <summary>What it shows; empty where the data does not say.</summary>
    public required string Label { get; init; }

    /// <summary>x, y, width and height of the object in pixels; NaN where the data does not say.</summary>
    public required float[] BoundingBox { get; init; }

    /// <summary>x and y of each point in pixels, <c>[points, 2]</c>.</summary>
    public required float[] KeyPoints { get; init; }

    /// <summary>1 for each visible point, else 0, <c>[points]</c>.</summary>
    public required float[] KeyPointVisible { get; init; }
}
