namespace MLNetGrounding;

/// <summary>How a <see cref="GroundingEngine"/> reads its model's columns.</summary>
public sealed class GroundingEngineOptions
{
    /// <summary>
    /// The threshold of <see cref="GroundedQuery.Region"/>: where the map, scaled to 0..1, is at least this, from 0 to 1. Default 0.05, the
    /// paper's and <see cref="MpirEvaluatorOptions.RegionThreshold"/>'s.
    /// </summary>
    public double RegionThreshold { get; set; } = 0.05;

    /// <summary>The number of key points that <see cref="GroundingInput.KeyPoints"/> has. Default 15, CUB's.</summary>
    public int KeyPoints { get; set; } = CubParts.KeyPointNames.Count;

    /// <summary>Whether disposing the engine disposes its model, as ML.NET's own engines do. Default <see langword="true"/>; set it to <see langword="false"/> where engines share a model.</summary>
    public bool OwnsModel { get; set; } = true;

    /// <summary>The model's input for the image. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>The model's input for the key points, if it scores. Default <c>KeyPoints</c>.</summary>
    public string KeyPointsColumnName { get; set; } = "KeyPoints";

    /// <summary>The model's input for their visibility, if it scores. Default <c>KeyPointVisible</c>.</summary>
    public string KeyPointVisibleColumnName { get; set; } = "KeyPointVisible";

    /// <summary>The model's output of maps, floats <c>[queries, gridHeight, gridWidth]</c>. Default <c>GroundingMaps</c>.</summary>
    public string GroundingMapsColumnName { get; set; } = "GroundingMaps";

    /// <summary>The model's output of <see cref="ImageGeometry.Length"/> floats. Default <c>Geometry</c>.</summary>
    public string GeometryColumnName { get; set; } = "Geometry";

    /// <summary>The model's output of hits, if it scores. Default <c>Hit</c>.</summary>
    public string HitColumnName { get; set; } = "Hit";

    /// <summary>The model's output of areas, if it scores. Default <c>Area</c>.</summary>
    public string AreaColumnName { get; set; } = "Area";

    /// <summary>The model's output of mPIR, if it scores. Default <c>Mpir</c>.</summary>
    public string MpirColumnName { get; set; } = "Mpir";

    internal GroundingEngineOptions CheckedCopy()
    {
        var copy = (GroundingEngineOptions)MemberwiseClone();
        ArgumentException.ThrowIfNullOrEmpty(copy.ImageColumnName, nameof(ImageColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.KeyPointsColumnName, nameof(KeyPointsColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.KeyPointVisibleColumnName, nameof(KeyPointVisibleColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.GroundingMapsColumnName, nameof(GroundingMapsColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.GeometryColumnName, nameof(GeometryColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.HitColumnName, nameof(HitColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.AreaColumnName, nameof(AreaColumnName));
        ArgumentException.ThrowIfNullOrEmpty(copy.MpirColumnName, nameof(MpirColumnName));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(copy.KeyPoints, nameof(KeyPoints));
        return copy.RegionThreshold is >= 0 and <= 1
            ? copy
            : throw new ArgumentOutOfRangeException(null, copy.RegionThreshold, $"{nameof(RegionThreshold)} must be between 0 and 1.");
    }
}
