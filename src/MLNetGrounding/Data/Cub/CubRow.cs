namespace MLNetGrounding.Data.Cub;

/// <summary>One image of CUB-200-2011 with its annotations; the property names are the column names.</summary>
internal sealed class CubRow
{
    public int ImageId { get; init; }

    public string ImagePath { get; init; } = "";

    public string PartMaskPath { get; init; } = "";

    public string Species { get; init; } = "";

    public int ClassId { get; init; }

    public bool IsTrain { get; init; }

    public float[] BoundingBox { get; init; } = [];

    public float[] KeyPoints { get; init; } = [];

    public float[] KeyPointVisible { get; init; } = [];

    public float[] ClassAttributes { get; init; } = [];
}
