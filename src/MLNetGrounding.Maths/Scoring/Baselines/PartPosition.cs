namespace MLNetGrounding;

/// <summary>
/// Where the key points of a query lie in the object's bounding box, learned from annotations: the strongest guess that does not look at
/// the image.
/// </summary>
/// <param name="Query">The query's name.</param>
/// <param name="Count">The number of visible key points that it was learned from; 0: not known.</param>
/// <param name="X">The mean, from 0 at the box's left edge to 1 at its right one.</param>
/// <param name="Y">The mean, from 0 at the box's top edge to 1 at its bottom one.</param>
/// <param name="SpreadX">The standard deviation as a share of the box's width.</param>
/// <param name="SpreadY">The standard deviation as a share of the box's height.</param>
public sealed record PartPosition(string Query, int Count, double X, double Y, double SpreadX, double SpreadY);
