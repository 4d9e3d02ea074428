namespace MLNetGrounding.Testing;

/// <summary>Geometries of models that see a square, which their cells fill.</summary>
public static class SquareGeometry
{
    /// <param name="fit">How the image is fitted.</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="inputSize">Side of the square.</param>
    /// <param name="grid">Cells per side.</param>
    public static ImageGeometry Create(ImageFit fit, int width, int height, int inputSize, int grid) =>
        ImageGeometry.Create(
            fit,
            width,
            height,
            inputSize,
            inputSize,
            new MapGrid(grid, grid),
            (double)inputSize / grid,
            (double)inputSize / grid
        );
}
