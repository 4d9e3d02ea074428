namespace MLNetGrounding;

/// <summary>
/// A drawn car as a row of a data view: its image file, and where its parts are.
/// </summary>
public sealed class SampleCar
{
    /// <summary>
    /// Gets the full path of the image.
    /// </summary>
    public string ImagePath { get; init; } = "";

    /// <summary>
    /// Gets the extent of the car's visible pixels: x, y, width and height in pixels.
    /// </summary>
    public float[] BoundingBox { get; init; } = [];

    /// <summary>
    /// Gets the key points in the order of <see cref="SampleCars.KeyPointNames"/>, <c>[points, 2]</c>: x and y in pixels, 0 and 0 where
    /// the point is not visible.
    /// </summary>
    public float[] KeyPoints { get; init; } = [];

    /// <summary>
    /// Gets for each key point 1 where it is visible, else 0.
    /// </summary>
    public float[] KeyPointVisible { get; init; } = [];

    /// <summary>
    /// Gets the visible extent of what each key point lies on, <c>[points, 4]</c>: x, y, width and height in pixels, zeros where nothing
    /// of it is visible.
    /// </summary>
    public float[] KeyPointBoxes { get; init; } = [];

    /// <summary>
    /// Gets the colors of the parts in the order of <see cref="SampleCars.Words"/>, empty where a part is not visible.
    /// </summary>
    public string[] Colors { get; init; } = [];
}
