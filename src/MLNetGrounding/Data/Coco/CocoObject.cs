namespace MLNetGrounding.Data.Coco;

/// <summary>One annotation, read and checked.</summary>
/// <param name="Id">Its id; empty where it has none.</param>
/// <param name="Label">The name of its category.</param>
/// <param name="Box">x, y, width and height; NaN where there is none.</param>
/// <param name="Points">x and y of each point of the file, <c>[points, 2]</c>.</param>
/// <param name="Visible">1 for each point that counts as visible, <c>[points]</c>.</param>
/// <param name="IsLabeled">Whether any point is labeled.</param>
/// <param name="Area">How large the object is; the largest of an image stands for it.</param>
internal sealed record CocoObject(string Id, string Label, float[] Box, float[] Points, float[] Visible, bool IsLabeled, double Area);
