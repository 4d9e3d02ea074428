namespace MLNetGrounding.Tool;

/// <summary>What is annotated of an image of a run.</summary>
/// <param name="KeyPoints">x and y of each point in pixels.</param>
/// <param name="Visible">1 for each visible point, else 0.</param>
/// <param name="Box">x, y, width and height of the object; null where it is not known.</param>
internal sealed record RunAnnotations(float[] KeyPoints, float[] Visible, float[]? Box);
