using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Where the pixels of an original image lie in the model's square input, and in the grid of visual tokens over it: the one place that maps
/// between them. Each axis is affine, <c>input = pixel * scale + offset</c>. Coordinates are continuous: pixel column i covers [i, i + 1).
/// </summary>
public readonly record struct ImageGeometry
{
    /// <summary>
    /// Length of the geometry as a vector:
    /// <c>[image width, image height, input size, scale x, scale y, offset x, offset y]</c>.
    /// </summary>
    public const int Length = 7;

    // Whole numbers up to here are exact in float32.
    private const int LargestSize = 1 << 24;

    private ImageGeometry(int imageWidth, int imageHeight, int inputSize, double scaleX, double scaleY, double offsetX, double offsetY)
    {
        ImageWidth = imageWidth;
        ImageHeight = imageHeight;
        InputSize = inputSize;
        ScaleX = scaleX;
        ScaleY = scaleY;
        OffsetX = offsetX;
        OffsetY = offsetY;
    }

    /// <summary>Width of the original image in pixels.</summary>
    public int ImageWidth { get; }

    /// <summary>Height of the original image in pixels.</summary>
    public int ImageHeight { get; }

    /// <summary>Side of the model's square input in input pixels.</summary>
    public int InputSize { get; }

    /// <summary>Input pixels per image pixel, horizontally.</summary>
    public double ScaleX { get; }

    /// <summary>Input pixels per image pixel, vertically.</summary>
    public double ScaleY { get; }

    /// <summary>Input column of the image's left edge; negative where a crop removed columns.</summary>
    public double OffsetX { get; }

    /// <summary>Input row of the image's top edge; negative where a crop removed rows.</summary>
    public double OffsetY { get; }

    /// <summary>The geometry of an image fitted into a square input.</summary>
    /// <param name="fit">
    /// <see cref="ImageFit.Pad"/>: centered in a square of the longer edge, which is resized to the input.
    /// <see cref="ImageFit.CenterCrop"/>: the shorter edge is resized to the input, the longer one in proportion, rounded down, and the
    /// center square is cut out. Where something cannot be halved, the part before the center is the smaller.
    /// </param>
    /// <param name="imageWidth">Width of the original image in pixels.</param>
    /// <param name="imageHeight">Height of the original image in pixels.</param>
    /// <param name="inputSize">Side of the model's square input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the fit is not defined.</exception>
    public static ImageGeometry Create(ImageFit fit, int imageWidth, int imageHeight, int inputSize)
    {
        OptionChecks.Defined(fit, nameof(fit));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(imageWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(imageHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        if (fit == ImageFit.Pad)
        {
            var side = Math.Max(imageWidth, imageHeight);
            var scale = (double)inputSize / side;
            return new ImageGeometry(
                imageWidth,
                imageHeight,
                inputSize,
                scale,
                scale,
                (side - imageWidth) / 2 * scale,
                (side - imageHeight) / 2 * scale);
        }
        var longEdge = ResizedLongEdge(imageWidth, imageHeight, inputSize);
        var (width, height) = imageWidth <= imageHeight ? ((long)inputSize, longEdge) : (longEdge, (long)inputSize);
        return new ImageGeometry(
            imageWidth,
            imageHeight,
            inputSize,
            (double)width / imageWidth,
            (double)height / imageHeight,
            -((width - inputSize) / 2),
            -((height - inputSize) / 2));
    }

    /// <summary>Reads a geometry from the vector that <see cref="CopyTo"/> writes.</summary>
    /// <param name="vector"><see cref="Length"/> numbers.</param>
    /// <exception cref="ArgumentException">
    /// The vector has another length, a number is not finite, a scale is not positive, or a size is no whole number from 1 to 2^24.
    /// </exception>
    public static ImageGeometry FromVector(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Length)
        {
            throw new ArgumentException($"A geometry has {Length} numbers, this vector has {vector.Length}.", nameof(vector));
        }
        for (var index = 0; index < Length; index++)
        {
            var (number, isSize, isScale) = (vector[index], index < 3, index is 3 or 4);
            if (!float.IsFinite(number) || (isScale && number <= 0) || (isSize && !(number >= 1 && number <= LargestSize && float.IsInteger(number))))
            {
                throw new ArgumentException(
                    $"Element {index} of a geometry is {number}, expected {(isSize ? $"a whole number from 1 to {LargestSize}" : isScale ? "a positive number" : "a finite number")}.",
                    nameof(vector));
            }
        }
        var (width, height, size) = ((int)vector[0], (int)vector[1], (int)vector[2]);
        // Most scales do not fit a float. A vector that Create made is recognized and gets its exact numbers back, so that a key point on
        // the border of a cell falls on the same side before and after.
        Span<float> candidate = stackalloc float[Length];
        foreach (var fit in (ReadOnlySpan<ImageFit>)[ImageFit.Pad, ImageFit.CenterCrop])
        {
            var exact = Create(fit, width, height, size);
            exact.CopyTo(candidate);
            if (candidate.SequenceEqual(vector))
            {
                return exact;
            }
        }
        return new ImageGeometry(width, height, size, vector[3], vector[4], vector[5], vector[6]);
    }

    /// <summary>Writes the geometry as <see cref="Length"/> numbers, in the order that <see cref="Length"/> names.</summary>
    /// <exception cref="ArgumentException"><paramref name="vector"/> is shorter than <see cref="Length"/>.</exception>
    public void CopyTo(Span<float> vector)
    {
        if (vector.Length < Length)
        {
            throw new ArgumentException($"A geometry has {Length} numbers, there is room for {vector.Length}.", nameof(vector));
        }
        vector[0] = ImageWidth;
        vector[1] = ImageHeight;
        vector[2] = InputSize;
        vector[3] = (float)ScaleX;
        vector[4] = (float)ScaleY;
        vector[5] = (float)OffsetX;
        vector[6] = (float)OffsetY;
    }

    /// <summary>Maps a point of the original image to the model's input; it may lie outside the input if a crop removed it.</summary>
    public (double X, double Y) ToInput(double x, double y) => (x * ScaleX + OffsetX, y * ScaleY + OffsetY);

    /// <summary>Maps a point of the model's input to the original image; it may lie outside the image where the input is padding.</summary>
    public (double X, double Y) ToPixel(double x, double y) => ((x - OffsetX) / ScaleX, (y - OffsetY) / ScaleY);

    /// <summary>Finds the cell that a point of the original image falls into.</summary>
    /// <param name="x">Pixels from the left edge of the image.</param>
    /// <param name="y">Pixels from the top edge of the image.</param>
    /// <param name="grid">Cells per side.</param>
    /// <param name="row">Receives the cell's row, or -1.</param>
    /// <param name="column">Receives the cell's column, or -1.</param>
    /// <returns>False when the point lies outside the image, or in a part that the crop removed.</returns>
    public bool TryGetCell(double x, double y, int grid, out int row, out int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grid);
        row = CellAlong(y, ImageHeight, ScaleY, OffsetY, grid);
        column = CellAlong(x, ImageWidth, ScaleX, OffsetX, grid);
        if (row < 0 || column < 0)
        {
            row = column = -1;
        }
        return row >= 0;
    }

    /// <summary>The rectangle of a cell in pixels of the original image; it reaches outside the image where the cell holds padding.</summary>
    /// <param name="row">Row of the cell.</param>
    /// <param name="column">Column of the cell.</param>
    /// <param name="grid">Cells per side.</param>
    public (double Left, double Top, double Right, double Bottom) CellToPixels(int row, int column, int grid)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grid);
        var cell = (double)InputSize / grid;
        var (left, top) = ToPixel(column * cell, row * cell);
        var (right, bottom) = ToPixel((column + 1) * cell, (row + 1) * cell);
        return (left, top, right, bottom);
    }

    /// <summary>The share of each cell that lies inside the image's frame: 1 everywhere but for padding.</summary>
    /// <param name="grid">Cells per side.</param>
    /// <param name="fractions">Receives <c>[grid, grid]</c> numbers between 0 and 1.</param>
    /// <exception cref="ArgumentException"><paramref name="fractions"/> does not have grid x grid elements.</exception>
    public void FrameFractions(int grid, Span<float> fractions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grid);
        if (fractions.Length != grid * grid)
        {
            throw new ArgumentException($"A grid of {grid} x {grid} cells needs {grid * grid} elements, not {fractions.Length}.", nameof(fractions));
        }
        Cover(new PixelRectangle(0, 0, ImageWidth, ImageHeight), grid, fractions);
    }

    /// <summary>The part of the picture that the model sees, in pixels of the original image: all of it but for a crop.</summary>
    internal PixelRectangle View()
    {
        var (left, top) = ToPixel(0, 0);
        var (right, bottom) = ToPixel(InputSize, InputSize);
        return new PixelRectangle(0, 0, ImageWidth, ImageHeight).Intersect(new PixelRectangle(left, top, right, bottom));
    }

    /// <summary>The share of each cell that lies inside a rectangle of the original image, <c>[grid, grid]</c>.</summary>
    internal void Cover(in PixelRectangle rectangle, int grid, Span<float> fractions)
    {
        var (left, top) = ToInput(rectangle.Left, rectangle.Top);
        var (right, bottom) = ToInput(rectangle.Right, rectangle.Bottom);
        for (var row = 0; row < grid; row++)
        {
            var vertical = Covered(row, grid, top, bottom);
            for (var column = 0; column < grid; column++)
            {
                fractions[row * grid + column] = (float)(vertical * Covered(column, grid, left, right));
            }
        }
    }

    /// <summary>The size of an image whose shorter edge is resized to <paramref name="shortEdge"/>, as Hugging Face's CLIP processor rounds it.</summary>
    internal static (int Width, int Height) ResizedToShortEdge(int imageWidth, int imageHeight, int shortEdge)
    {
        var resized = checked((int)ResizedLongEdge(imageWidth, imageHeight, shortEdge));
        return imageWidth <= imageHeight ? (shortEdge, resized) : (resized, shortEdge);
    }

    private static long ResizedLongEdge(int imageWidth, int imageHeight, int shortEdge) =>
        (long)shortEdge * Math.Max(imageWidth, imageHeight) / Math.Min(imageWidth, imageHeight);

    /// <summary>The cell of a coordinate along one axis, or -1 where it lies outside the image or in a part that the crop removed.</summary>
    private int CellAlong(double pixel, int size, double scale, double offset, int grid)
    {
        if (!(pixel >= 0 && pixel < size))
        {
            return -1;
        }
        // What lies just before the image's end may round up to it; it belongs to the cell that holds the end.
        var (position, end) = (InCells(pixel * scale + offset, grid), InCells(size * scale + offset, grid));
        var cell = Math.Min(Math.Floor(position), Math.Ceiling(end) - 1);
        return position >= 0 && cell < grid ? (int)cell : -1;
    }

    /// <summary>An input coordinate in cells; a point on the border of two lies in the second, which rounding must not decide.</summary>
    private double InCells(double input, int grid)
    {
        const double Rounding = 1e-9;
        var cells = input * grid / InputSize;
        var border = Math.Round(cells);
        return Math.Abs(cells - border) <= Rounding ? border : cells;
    }

    /// <summary>The share of cell <paramref name="index"/> along one axis that lies between two input coordinates.</summary>
    private double Covered(int index, int grid, double start, double end)
    {
        var cell = (double)InputSize / grid;
        var length = Math.Min(end, (index + 1) * cell) - Math.Max(start, index * cell);
        return Math.Clamp(length / cell, 0, 1);
    }
}
