namespace MLNetGrounding;

/// <summary>How much two methods' maps of the same words and images have in common; maps that are the same everywhere are left out.</summary>
/// <param name="First">The one method.</param>
/// <param name="Second">The other.</param>
/// <param name="Count">The number of images that were compared.</param>
/// <param name="Regions">The mean intersection over union of the regions of the threshold, from 0 to 1.</param>
/// <param name="LargestCells">The mean intersection over union of the cells of largest value that cover the stated area.</param>
/// <param name="Peaks">The share of maps whose maxima are in the same cell.</param>
public sealed record MethodAgreement(string First, string Second, int Count, Estimate Regions, Estimate LargestCells, Estimate Peaks);
