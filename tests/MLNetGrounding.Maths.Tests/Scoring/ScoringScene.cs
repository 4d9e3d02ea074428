using MLNetGrounding.Maths.Geometry;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>
/// A random picture, its geometry and key points, and a map of any rectangle with many ties; a third of the scenes are cropped, and half
/// the grids end before the input does.
/// </summary>
internal sealed class ScoringScene
{
    public ScoringScene(Random random)
    {
        Grid = new MapGrid(random.Next(1, 13), random.Next(2, 13));
        (Width, Height) = (random.Next(20, 200), random.Next(20, 200));
        Fit = (ImageFit)random.Next(3);
        (int cellWidth, double cellHeight, int rest) = (random.Next(4, 20), random.Next(4, 20) + 0.25, random.Next(2) * random.Next(4));
        Geometry = ImageGeometry.Create(
            Fit,
            Width,
            Height,
            Grid.Width * cellWidth + rest,
            (int)Math.Ceiling(Grid.Height * cellHeight) + rest,
            Grid,
            cellWidth,
            cellHeight
        );
        int levels = random.Next(2, 30);
        Map = [.. Enumerable.Range(0, Grid.Cells).Select(_ => random.Next(levels) / 7f)];
        Map[random.Next(Map.Length)] = levels;
        KeyPoints = [.. Enumerable.Range(0, 3).SelectMany(_ => new[] { random.NextSingle() * Width, random.NextSingle() * Height })];
        Visible = [.. Enumerable.Range(0, 3).Select(index => index == 0 || random.Next(2) == 0 ? 1f : 0f)];
        Box = [random.Next(-10, Width / 2), random.Next(-10, Height / 2), random.Next(1, Width), random.Next(1, Height)];
        Labels = [.. Enumerable.Range(0, Width * Height).Select(_ => (byte)random.Next(3))];
        Annotated = new AnnotatedImage(
            Geometry,
            KeyPoints,
            Visible,
            [
                [0, 1, 2],
            ],
            Box,
            PartPixels.Count(Labels, Geometry, [1])
        );
    }

    public MapGrid Grid { get; }

    public int Width { get; }

    public int Height { get; }

    public ImageFit Fit { get; }

    public ImageGeometry Geometry { get; }

    public float[] Map { get; }

    public float[] KeyPoints { get; }

    public float[] Visible { get; }

    /// <summary>x, y, width and height; often past the picture's edge.</summary>
    public float[] Box { get; }

    /// <summary>The label of each pixel; 1 is the part.</summary>
    public byte[] Labels { get; }

    public AnnotatedImage Annotated { get; }

    /// <summary>The visible key points in pixels.</summary>
    public IEnumerable<(double X, double Y)> Points =>
        Enumerable
            .Range(0, 3)
            .Where(index => Visible[index] > 0)
            .Select(index => ((double)KeyPoints[2 * index], (double)KeyPoints[2 * index + 1]));

    /// <summary>The part of a cell that shows the picture, in pixels.</summary>
    public PixelRectangle CellInFrame(int cell)
    {
        (double left, double top, double right, double bottom) = Geometry.CellToPixels(cell / Grid.Width, cell % Grid.Width);
        return new PixelRectangle(Math.Max(0, left), Math.Max(0, top), Math.Min(Width, right), Math.Min(Height, bottom));
    }

    /// <summary>Area of some cells in the frame over that of all.</summary>
    public double Area(IEnumerable<int> cells) =>
        cells.Sum(cell => CellInFrame(cell).Area) / Enumerable.Range(0, Map.Length).Sum(cell => CellInFrame(cell).Area);

    public bool Holds(int cell, (double X, double Y) point) => CellInFrame(cell).Contains(point.X, point.Y);
}
