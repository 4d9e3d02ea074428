namespace MLNetGrounding;

/// <summary>How well the regions above one threshold point at a part.</summary>
/// <param name="Threshold">The region is where the map, scaled to 0..1, is at least this.</param>
/// <param name="Mpir">The mean of 1 / area for hits and 0 for misses: the paper's mPIR (section 4.2, equation 5).</param>
/// <param name="HitRate">The share of images with a visible key point in the region, from 0 to 1.</param>
/// <param name="MedianArea">The median of the region's share of the frame, from 0 to 1.</param>
/// <param name="Overlap">The mean intersection over union with the part's mask, in pixels of the frame; NaN without masks.</param>
public sealed record RegionScores(double Threshold, Estimate Mpir, Estimate HitRate, Estimate MedianArea, Estimate Overlap);
