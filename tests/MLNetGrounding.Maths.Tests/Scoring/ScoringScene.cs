using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>A random picture, its geometry and key points, and a map with many ties; half the scenes are cropped.</summary>
internal sealed class ScoringScene
{
    public ScoringScene(Random random)
    {
        Grid = random.Next(2, 13);
        (Width, Height) = (random.Next(20, 200), random.Next(20, 200));
        Fit = random.Next(2) == 0 ? ImageFit.Pad : ImageFit.Crop;
        Geometry = SquareGeometry.Create(Fit, Width, Height, Grid * 14, Grid);
        var levels = random.Next(2, 30);
        Map = [.. Enumerable.Range(0, Grid * Grid).Select(_ => random.Next(levels) / 7f)];
        Map[random.Next(Map.Length)] = levels;
        KeyPoints = [.. Enumerable.Range(0, 3).SelectMany(_ => new[] { random.NextSingle() * Width, random.NextSingle() * Height })];
        Visible = [.. Enumerable.Range(0, 3).Select(index => index == 0 || random.Next(2) == 0 ? 1f : 0f)];
        Box = [random.Next(-10, Width / 2), random.Next(-10, Height / 2), random.Next(1, Width), random.Next(1, Height)];
        Labels = [.. Enumerable.Range(0, Width * Height).Select(_ => (byte)random.Next(3))];
        Annotated = new AnnotatedImage(Geometry, KeyPoints, Visible, [[0, 1, 2]], Box, PartPixels.Count(Labels, Geometry, [1]));
    }

    public int Grid { get; }

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
        Enumerable.Range(0, 3).Where(index => Visible[index] > 0).Select(index => ((double)KeyPoints[2 * index], (double)KeyPoints[2 * index + 1]));

    /// <summary>The part of a cell that shows the picture, in pixels.</summary>
    public PixelRectangle CellInFrame(int cell)
    {
        var (left, top, right, bottom) = Geometry.CellToPixels(cell / Grid, cell % Grid);
        return new PixelRectangle(Math.Max(0, left), Math.Max(0, top), Math.Min(Width, right), Math.Min(Height, bottom));
    }

    /// <summary>Area of some cells in the frame over that of all.</summary>
    public double Area(IEnumerable<int> cells) => cells.Sum(cell => CellInFrame(cell).Area) / Enumerable.Range(0, Map.Length).Sum(cell => CellInFrame(cell).Area);

    public bool Holds(int cell, (double X, double Y) point) => CellInFrame(cell).Contains(point.X, point.Y);
}
