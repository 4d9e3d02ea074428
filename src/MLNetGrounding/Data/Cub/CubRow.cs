using Microsoft.ML.Data;

namespace MLNetGrounding;

/// <summary>
/// One image of CUB-200-2011 with its annotations: a row of what <c>mlContext.Data.LoadCub</c> gives, whose columns have these names. For
/// <c>mlContext.Data.CreateEnumerable</c>, and as the input of a prediction engine.
/// </summary>
/// <remarks>
/// Not all data has <see cref="PartMaskPath"/>, <see cref="ObjectMaskPath"/> and <see cref="ClassAttributes"/>: read rows with <c>ignoreMissingColumns: true</c>, and
/// these stay empty where they are not there. A row class carries no annotations of columns, so that a pipeline over rows of this class
/// knows no names of key points.
/// </remarks>
public sealed class CubRow
{
    private const int PointCount = 15;

    /// <summary>The image's number, as <c>images.txt</c> has it.</summary>
    public int ImageId { get; set; }

    /// <summary>The image's file, a full path.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>The file that says which pixels are which part; of the sample birds alone.</summary>
    public string PartMaskPath { get; set; } = "";

    /// <summary>The file that says which pixels are the whole object, of CUB's <c>segmentations</c>; empty without.</summary>
    public string ObjectMaskPath { get; set; } = "";

    /// <summary>The class's name, as <c>classes.txt</c> has it.</summary>
    public string Species { get; set; } = "";

    /// <summary>The class's number, from 1.</summary>
    public int ClassId { get; set; }

    /// <summary>Whether the image is one of the training rows.</summary>
    public bool IsTrain { get; set; }

    /// <summary>x, y, width and height in pixels, <c>[4]</c>.</summary>
    [VectorType(4)]
    public float[] BoundingBox { get; set; } = [];

    /// <summary>x and y of each key point in pixels, <c>[15, 2]</c>, in the order of <see cref="CubParts.KeyPointNames"/>.</summary>
    [VectorType(PointCount, 2)]
    public float[] KeyPoints { get; set; } = [];

    /// <summary>1 for each visible key point, else 0, <c>[15]</c>.</summary>
    [VectorType(PointCount)]
    public float[] KeyPointVisible { get; set; } = [];

    /// <summary>
    /// The class's attributes in per cent of the annotators, <c>[312]</c>, or nothing; so in a view that is made of rows its length is not
    /// known.
    /// </summary>
    public float[] ClassAttributes { get; set; } = [];
}
