namespace MLNetGrounding;

/// <summary>How well one attribute was grounded, over the images in which it could be scored.</summary>
/// <param name="Name">The attribute: the query's name.</param>
/// <param name="Count">The number of images in which it was scored.</param>
/// <param name="MeanMpir">The mean of 1 / area for hits and 0 for misses (the paper's equation 5); NaN where nothing was scored.</param>
/// <param name="HitRate">The share of images with a hit, from 0 to 1; NaN where nothing was scored.</param>
/// <param name="MedianArea">The median of the region's share of the image's frame, from 0 to 1; NaN where nothing was scored.</param>
public sealed record AttributeMetrics(string Name, int Count, double MeanMpir, double HitRate, double MedianArea)
{
    /// <summary><see cref="MeanMpir"/> with its interval.</summary>
    public Estimate MpirEstimate { get; init; } = Estimate.None;

    /// <summary><see cref="HitRate"/> with its interval.</summary>
    public Estimate HitRateEstimate { get; init; } = Estimate.None;

    /// <summary><see cref="MedianArea"/> with its interval.</summary>
    public Estimate MedianAreaEstimate { get; init; } = Estimate.None;
}
