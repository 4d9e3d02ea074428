namespace MLNetGrounding;

/// <summary>How well regions of one size point at a part: the cells of largest value until they reach a share of the frame.</summary>
/// <param name="Area">The share of the frame to reach, from 0 to 1.</param>
/// <param name="HitRate">The share of images with a visible key point in the region, from 0 to 1.</param>
/// <param name="AttainedArea">The mean share of the frame that whole cells made of it.</param>
public sealed record FixedAreaScores(double Area, Estimate HitRate, Estimate AttainedArea);
