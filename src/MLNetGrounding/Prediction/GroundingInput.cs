using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNetGrounding;

/// <summary>One image for a <see cref="GroundingEngine"/>, and what is known about it.</summary>
public sealed class GroundingInput
{
    /// <summary>The image; it stays the caller's. Where it is <see langword="null"/>, so are the predictions.</summary>
    [ImageType(1, 1)]
    public MLImage? Image { get; set; }

    /// <summary>
    /// x and y of each key point in pixels of the image, <c>[points, 2]</c>, for models that score. Default <see langword="null"/>: none
    /// are known, and nothing is scored.
    /// </summary>
    [VectorType(1, 2)]
    public float[]? KeyPoints { get; set; }

    /// <summary>1 for each visible key point, else 0, <c>[points]</c>. Default <see langword="null"/>: none is visible.</summary>
    [VectorType(1)]
    public float[]? KeyPointVisible { get; set; }
}
