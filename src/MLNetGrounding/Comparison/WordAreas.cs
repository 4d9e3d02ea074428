namespace MLNetGrounding;

/// <summary>How large one method's regions of a word are.</summary>
/// <param name="Word">The query's name.</param>
/// <param name="Count">The number of images with a map.</param>
/// <param name="MedianArea">The median share of the frame that the region covers, from 0 to 1.</param>
/// <param name="ConstantMaps">The share of maps that are the same everywhere, which have no region.</param>
public sealed record WordAreas(string Word, int Count, Estimate MedianArea, Estimate ConstantMaps);
