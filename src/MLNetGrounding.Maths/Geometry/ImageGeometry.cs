using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// Where the pixels of an original image lie in the model's input, and in the grid of cells over it: the one place that maps between them.
/// Each axis is affine, <c>input = pixel * scale + offset</c>. Coordinates are continuous: pixel column i covers [i, i + 1).
/// </summary>
/// <remarks>
/// The grid begins at the input's top left. It may end before the input does: 27 x 27 cells of 14 pixels show 378 of 384 pixels each way.
/// What lies beyond is in no cell, as if a crop had removed it.
/// </remarks>
public readonly record struct ImageGeometry
{
    /// <summary>
    /// Length of the geometry as a vector: <c>[image width, image height, input width, input height, scale x, scale y, offset x, offset y,
    /// grid height, grid width, cell width, cell height]</c>, cells in input pixels.
    /// </summary>
    public const int Length = 12;

    /// <summary>The longest side of an image that a vector holds, and of a canvas: whole numbers up to here are exact in float32.</summary>
    internal const int LargestSize = 1 << 24;

    // By how much, as a share of the input, cells that are meant to fill it may miss its edge.
    private const double FillTolerance = 1e-6;

    private ImageGeometry(
        int imageWidth,
        int imageHeight,
        int inputWidth,
        int inputHeight,
        (double X, double Y) scale,
        (double X, double Y) offset,
        MapGrid grid,
        double cellWidth,
        double cellHeight
    )
    {
        ImageWidth = imageWidth;
        ImageHeight = imageHeight;
        InputWidth = inputWidth;
        InputHeight = inputHeight;
        (ScaleX, ScaleY) = scale;
        (OffsetX, OffsetY) = offset;
        Grid = grid;
        CellWidth = CellSize(cellWidth, grid.Width, inputWidth, nameof(cellWidth));
        CellHeight = CellSize(cellHeight, grid.Height, inputHeight, nameof(cellHeight));
    }

    /// <summary>Width of the original image in pixels.</summary>
    public int ImageWidth { get; }

    /// <summary>Height of the original image in pixels.</summary>
    public int ImageHeight { get; }

    /// <summary>Width of the model's input in input pixels.</summary>
    public int InputWidth { get; }

    /// <summary>Height of the model's input in input pixels.</summary>
    public int InputHeight { get; }

    /// <summary>Input pixels per image pixel, horizontally.</summary>
    public double ScaleX { get; }

    /// <summary>Input pixels per image pixel, vertically.</summary>
    public double ScaleY { get; }

    /// <summary>Input column of the image's left edge; negative where a crop removed columns.</summary>
    public double OffsetX { get; }

    /// <summary>Input row of the image's top edge; negative where a crop removed rows.</summary>
    public double OffsetY { get; }

    /// <summary>The cells over the input, from its top left.</summary>
    public MapGrid Grid { get; }

    /// <summary>Width of a cell in input pixels.</summary>
    public double CellWidth { get; }

    /// <summary>Height of a cell in input pixels.</summary>
    public double CellHeight { get; }

    // Exact where the cells fill the input: no product of rounded numbers.
    private double FrameWidth => CellWidth == (double)InputWidth / Grid.Width ? InputWidth : Grid.Width * CellWidth;

    private double FrameHeight => CellHeight == (double)InputHeight / Grid.Height ? InputHeight : Grid.Height * CellHeight;

    /// <summary>The geometry of an image fitted into an input.</summary>
    /// <param name="fit">
    /// <see cref="ImageFit.Pad"/>: centered on the smallest canvas of the input's shape, which is resized to the input.
    /// <see cref="ImageFit.Crop"/>: the edge that is the shorter one, compared with the input, is resized to it, the other in proportion,
    /// rounded down, and the center is cut out. Where something cannot be halved, the part before the center is the smaller.
    /// <see cref="ImageFit.Stretch"/> and <see cref="ImageFit.Native"/>: both edges are resized to the input's.
    /// </param>
    /// <param name="imageWidth">Width of the original image in pixels.</param>
    /// <param name="imageHeight">Height of the original image in pixels.</param>
    /// <param name="inputWidth">Width of the model's input in pixels.</param>
    /// <param name="inputHeight">Height of the model's input in pixels.</param>
    /// <param name="grid">The cells over the input.</param>
    /// <param name="cellWidth">Width of a cell in input pixels, need not be whole; kept to the precision of a float.</param>
    /// <param name="cellHeight">Height of a cell in input pixels, need not be whole; kept to the precision of a float.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is not positive, the grid has no cells or is larger than the input, or the fit is not defined.
    /// </exception>
    public static ImageGeometry Create(
        ImageFit fit,
        int imageWidth,
        int imageHeight,
        int inputWidth,
        int inputHeight,
        MapGrid grid,
        double cellWidth,
        double cellHeight
    )
    {
        OptionChecks.Defined(fit, nameof(fit));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(imageWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(imageHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grid.Cells, nameof(grid));
        ((double X, double Y) scale, (double X, double Y) offset) = Placed(fit, imageWidth, imageHeight, inputWidth, inputHeight);
        return new ImageGeometry(imageWidth, imageHeight, inputWidth, inputHeight, scale, offset, grid, cellWidth, cellHeight);
    }

    /// <summary>
    /// The geometry of an image that lies anywhere in an input, at any scale; the input ends with the grid or a part of a pixel later.
    /// </summary>
    internal static ImageGeometry Place(
        int imageWidth,
        int imageHeight,
        int inputWidth,
        int inputHeight,
        (double X, double Y) scale,
        (double X, double Y) offset,
        MapGrid grid,
        double cellWidth,
        double cellHeight
    ) => new(imageWidth, imageHeight, inputWidth, inputHeight, scale, offset, grid, cellWidth, cellHeight);

    /// <summary>Reads a geometry from the vector that <see cref="CopyTo"/> writes.</summary>
    /// <param name="vector"><see cref="Length"/> numbers.</param>
    /// <exception cref="ArgumentException">
    /// The vector has another length, a number is not finite, a scale or a cell's side is not positive, a size is no whole number from 1 to
    /// 2^24, or the grid is larger than the input.
    /// </exception>
    public static ImageGeometry FromVector(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Length)
        {
            throw new ArgumentException($"A geometry has {Length} numbers, this vector has {vector.Length}.", nameof(vector));
        }
        for (int index = 0; index < Length; index++)
        {
            (float number, bool isSize, bool isOffset) = (vector[index], index is < 4 or 8 or 9, index is 6 or 7);
            if (!float.IsFinite(number) || (!isOffset && number <= 0) || (isSize && !(number <= LargestSize && float.IsInteger(number))))
            {
                throw new ArgumentException(
                    $"Element {index} of a geometry is {number}, expected {(isSize ? $"a whole number from 1 to {LargestSize}" : isOffset ? "a finite number" : "a positive number")}.",
                    nameof(vector)
                );
            }
        }
        (int width, int height, int inputWidth, int inputHeight) = ((int)vector[0], (int)vector[1], (int)vector[2], (int)vector[3]);
        MapGrid grid = new((int)vector[8], (int)vector[9]);
        // Most scales do not fit a float. A vector that Create made is recognized and gets its exact numbers back, so that a key point on
        // the border of a cell falls on the same side before and after.
        foreach (ImageFit fit in (ReadOnlySpan<ImageFit>)[ImageFit.Pad, ImageFit.Crop, ImageFit.Stretch])
        {
            ((double X, double Y) scale, (double X, double Y) offset) = Placed(fit, width, height, inputWidth, inputHeight);
            if ((float)scale.X == vector[4] && (float)scale.Y == vector[5] && (float)offset.X == vector[6] && (float)offset.Y == vector[7])
            {
                return new ImageGeometry(width, height, inputWidth, inputHeight, scale, offset, grid, vector[10], vector[11]);
            }
        }
        return new ImageGeometry(
            width,
            height,
            inputWidth,
            inputHeight,
            (vector[4], vector[5]),
            (vector[6], vector[7]),
            grid,
            vector[10],
            vector[11]
        );
    }

    /// <summary>Reads the geometry of maps.</summary>
    /// <exception cref="ArgumentException">It is none, or of another grid.</exception>
    internal static ImageGeometry FromVector(ReadOnlySpan<float> vector, MapGrid grid)
    {
        ImageGeometry geometry = FromVector(vector);
        return geometry.Grid == grid
            ? geometry
            : throw new ArgumentException(
                $"The geometry is of {geometry.Grid} cells, the maps have {grid}. Give both of the same image and model.",
                nameof(vector)
            );
    }

    /// <summary>Writes the geometry as <see cref="Length"/> numbers, in the order that <see cref="Length"/> names.</summary>
    /// <exception cref="ArgumentException"><paramref name="vector"/> is shorter than <see cref="Length"/>.</exception>
    public void CopyTo(Span<float> vector)
    {
        if (vector.Length < Length)
        {
            throw new ArgumentException($"A geometry has {Length} numbers, there is room for {vector.Length}.", nameof(vector));
        }
        ReadOnlySpan<float> numbers =
        [
            ImageWidth,
            ImageHeight,
            InputWidth,
            InputHeight,
            (float)ScaleX,
            (float)ScaleY,
            (float)OffsetX,
            (float)OffsetY,
            Grid.Height,
            Grid.Width,
            (float)CellWidth,
            (float)CellHeight,
        ];
        numbers.CopyTo(vector);
    }

    /// <summary>Maps a point of the original image to the model's input; it may lie outside the input if a crop removed it.</summary>
    public (double X, double Y) ToInput(double x, double y) => (x * ScaleX + OffsetX, y * ScaleY + OffsetY);

    /// <summary>Maps a point of the model's input to the original image; it may lie outside the image where the input is padding.</summary>
    public (double X, double Y) ToPixel(double x, double y) => ((x - OffsetX) / ScaleX, (y - OffsetY) / ScaleY);

    /// <summary>Finds the cell that a point of the original image falls into.</summary>
    /// <param name="x">Pixels from the left edge of the image.</param>
    /// <param name="y">Pixels from the top edge of the image.</param>
    /// <param name="row">Receives the cell's row, or -1.</param>
    /// <param name="column">Receives the cell's column, or -1.</param>
    /// <returns>False when the point lies outside the image, in a part that the crop removed, or where the grid has ended.</returns>
    public bool TryGetCell(double x, double y, out int row, out int column)
    {
        row = CellAlong(y, ImageHeight, ScaleY, OffsetY, Grid.Height, CellHeight);
        column = CellAlong(x, ImageWidth, ScaleX, OffsetX, Grid.Width, CellWidth);
        if (row < 0 || column < 0)
        {
            row = column = -1;
        }
        return row >= 0;
    }

    /// <summary>
    /// The rectangle of a cell in pixels of the original image; it reaches outside the image where the cell holds padding.
    /// </summary>
    /// <param name="row">Row of the cell.</param>
    /// <param name="column">Column of the cell.</param>
    public (double Left, double Top, double Right, double Bottom) CellToPixels(int row, int column)
    {
        (double left, double top) = ToPixel(column * CellWidth, row * CellHeight);
        (double right, double bottom) = ToPixel((column + 1) * CellWidth, (row + 1) * CellHeight);
        return (left, top, right, bottom);
    }

    /// <summary>The share of each cell that lies inside the image: 1 everywhere but for padding.</summary>
    /// <param name="fractions">Receives <c>[gridHeight, gridWidth]</c> numbers between 0 and 1.</param>
    /// <exception cref="ArgumentException"><paramref name="fractions"/> does not have an element for each cell.</exception>
    public void FrameFractions(Span<float> fractions)
    {
        if (fractions.Length != Grid.Cells)
        {
            throw new ArgumentException($"A grid of {Grid} cells needs {Grid.Cells} elements, not {fractions.Length}.", nameof(fractions));
        }
        Cover(new PixelRectangle(0, 0, ImageWidth, ImageHeight), fractions);
    }

    /// <summary>All cells together, in pixels of the original image; it reaches outside the image where the input is padded.</summary>
    internal PixelRectangle GridToPixels()
    {
        (double left, double top) = ToPixel(0, 0);
        (double right, double bottom) = ToPixel(FrameWidth, FrameHeight);
        return new PixelRectangle(left, top, right, bottom);
    }

    /// <summary>The part of the image that the grid shows, in pixels of the original image: all of it but for a crop.</summary>
    internal PixelRectangle View() => new PixelRectangle(0, 0, ImageWidth, ImageHeight).Intersect(GridToPixels());

    /// <summary>The share of each cell that lies inside a rectangle of the original image, <c>[gridHeight, gridWidth]</c>.</summary>
    internal void Cover(in PixelRectangle rectangle, Span<float> fractions)
    {
        (double left, double top) = ToInput(rectangle.Left, rectangle.Top);
        (double right, double bottom) = ToInput(rectangle.Right, rectangle.Bottom);
        for (int row = 0; row < Grid.Height; row++)
        {
            double vertical = Covered(row, CellHeight, top, bottom);
            for (int column = 0; column < Grid.Width; column++)
            {
                fractions[row * Grid.Width + column] = (float)(vertical * Covered(column, CellWidth, left, right));
            }
        }
    }

    /// <summary>
    /// The smallest canvas of the input's shape that holds an image: as wide or as high as the image, the other edge rounded up.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is longer than <see cref="LargestSize"/>. Time grows with the longest side, and of the image nothing would be left to see.
    /// </exception>
    internal static (int Width, int Height) PaddedSize(int imageWidth, int imageHeight, int inputWidth, int inputHeight)
    {
        (long width, long height) = PaddedEdges(imageWidth, imageHeight, inputWidth, inputHeight);
        return Math.Max(width, height) <= LargestSize
            ? ((int)width, (int)height)
            : throw new ArgumentOutOfRangeException(
                nameof(imageWidth),
                $"An image of {imageWidth} x {imageHeight} pixels, padded to the shape of an input of {inputWidth} x {inputHeight}, would have {width} x {height}; sides of at most {LargestSize} were expected. Cut the image, or use {nameof(ImageFit)}.{nameof(ImageFit.Crop)} or {nameof(ImageFit)}.{nameof(ImageFit.Stretch)}."
            );
    }

    /// <summary>
    /// The size of an image that is resized until its edge that is the shorter one, compared with the input, fits: the other edge is
    /// rounded down, as Hugging Face's CLIP processor does.
    /// </summary>
    internal static (long Width, long Height) CroppedSize(int imageWidth, int imageHeight, int inputWidth, int inputHeight) =>
        (long)imageWidth * inputHeight <= (long)imageHeight * inputWidth
            ? (inputWidth, (long)inputWidth * imageHeight / imageWidth)
            : ((long)inputHeight * imageWidth / imageHeight, inputHeight);

    private static (long Width, long Height) PaddedEdges(int imageWidth, int imageHeight, int inputWidth, int inputHeight) =>
        (long)imageWidth * inputHeight >= (long)imageHeight * inputWidth
            ? (imageWidth, ((long)imageWidth * inputHeight + inputWidth - 1) / inputWidth)
            : (((long)imageHeight * inputWidth + inputHeight - 1) / inputHeight, imageHeight);

    private static ((double X, double Y) Scale, (double X, double Y) Offset) Placed(
        ImageFit fit,
        int imageWidth,
        int imageHeight,
        int inputWidth,
        int inputHeight
    )
    {
        switch (fit)
        {
            case ImageFit.Pad:
            {
                (long width, long height) = PaddedEdges(imageWidth, imageHeight, inputWidth, inputHeight);
                (double x, double y) = ((double)inputWidth / width, (double)inputHeight / height);
                return ((x, y), ((width - imageWidth) / 2 * x, (height - imageHeight) / 2 * y));
            }
            case ImageFit.Crop:
            {
                (long width, long height) = CroppedSize(imageWidth, imageHeight, inputWidth, inputHeight);
                return (
                    ((double)width / imageWidth, (double)height / imageHeight),
                    (-((width - inputWidth) / 2), -((height - inputHeight) / 2))
                );
            }
            default:
                return (((double)inputWidth / imageWidth, (double)inputHeight / imageHeight), (0, 0));
        }
    }

    /// <summary>A cell's side so that the vector holds it exactly: a float, or the input divided by the cells where they fill it.</summary>
    private static double CellSize(double size, int cells, int input, string name)
    {
        double rounded = (float)size;
        if (!(rounded > 0 && rounded * cells <= input * (1 + FillTolerance)))
        {
            throw new ArgumentOutOfRangeException(
                name,
                size,
                $"{cells} cells of {size} pixels do not fit into an input of {input} pixels."
            );
        }
        return rounded * cells >= input * (1 - FillTolerance) ? (double)input / cells : rounded;
    }

    /// <summary>
    /// The cell of a coordinate along one axis, or -1 where it lies outside the image or in a part that the crop removed.
    /// </summary>
    private static int CellAlong(double pixel, int size, double scale, double offset, int grid, double cell)
    {
        if (!(pixel >= 0 && pixel < size))
        {
            return -1;
        }
        // What lies just before the image's end may round up to it; it belongs to the cell that holds the end.
        (double position, double end) = (InCells(pixel * scale + offset, cell), InCells(size * scale + offset, cell));
        double index = Math.Min(Math.Floor(position), Math.Ceiling(end) - 1);
        return position >= 0 && index < grid ? (int)index : -1;
    }

    /// <summary>An input coordinate in cells; a point on the border of two lies in the second, which rounding must not decide.</summary>
    private static double InCells(double input, double cell)
    {
        const double Rounding = 1e-9;
        double cells = input / cell;
        double border = Math.Round(cells);
        return Math.Abs(cells - border) <= Rounding ? border : cells;
    }

    /// <summary>The share of cell <paramref name="index"/> along one axis that lies between two input coordinates.</summary>
    private static double Covered(int index, double cell, double start, double end)
    {
        double length = Math.Min(end, (index + 1) * cell) - Math.Max(start, index * cell);
        return Math.Clamp(length / cell, 0, 1);
    }
}
