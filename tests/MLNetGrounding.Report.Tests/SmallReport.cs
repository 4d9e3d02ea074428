using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>
/// A report of small drawn images whose scores are known: two methods, three queries of which the last has no key points. The first
/// method's map is hot in one cell, on the beak of every image and on the eye of none; the second's is hot in the first cell.
/// </summary>
internal sealed class SmallReport : IDisposable
{
    public const int Grid = 6;
    public const int Images = 70;
    public const int Detailed = 2;

    public static readonly string[] Queries = ["beak", "eye", "crest"];
    public static readonly string[] Methods = ["first", "second"];

    private readonly TemporaryFolder _folder = new();

    public SmallReport(Func<int, string>? name = null, Func<int, string>? label = null, GroundingReportOptions? options = null)
    {
        var report = new GroundingReport(options ?? new GroundingReportOptions { Title = "Small report", Description = "Drawn squares." });
        for (int index = 0; index < Images; index++)
        {
            using GroundedImage image = Image(
                index,
                name?.Invoke(index) ?? $"bird-{index:00}.png",
                label?.Invoke(index) ?? (index % 2 == 0 ? "Even Wren" : "Odd Owl")
            );
            report.Add(image);
        }

        report.AddFailed();
        Path = System.IO.Path.Combine(_folder.Path, "report.html");
        report.Save(Path);
    }

    public string Path { get; }

    /// <summary>The images alternate between a wide one that is padded and a tall one that is cropped.</summary>
    public static GroundedImage Image(int index, string name, string label)
    {
        bool wide = index % 2 == 0;
        (int width, int height) = wide ? (240, 160) : (160, 240);
        ImageGeometry geometry = SquareGeometry.Create(wide ? ImageFit.Pad : ImageFit.Crop, width, height, 84, Grid);
        (int row, int column) = HotCell(index);
        (double left, double top, double right, double bottom) = geometry.CellToPixels(row, column);
        float[] keyPoints = new float[30];
        float[] visible = new float[15];
        foreach (int point in (int[])[1, 6])
        {
            visible[point] = 1;
            (keyPoints[2 * point], keyPoints[(2 * point) + 1]) = ((float)(left + right) / 2, (float)(top + bottom) / 2);
        }

        float[] hot = OneHot((row * Grid) + column);
        // Cell 20 is inside every image and never the hot one.
        float[] elsewhere = OneHot(20);
        return new GroundedImage
        {
            Image = Plain(width, height),
            Geometry = geometry,
            Name = name,
            Label = label,
            Queries = Queries,
            Methods =
            [
                new GroundedMaps(Methods[0], (float[])[.. hot, .. elsewhere, .. hot]),
                new GroundedMaps(Methods[1], (float[])[.. elsewhere, .. elsewhere, .. hot]),
            ],
            KeyPoints = keyPoints,
            KeyPointVisible = visible,
            KeyPointDescription = CubParts.Description,
            BoundingBox = (float[])[20, 30, 100, 90],
            CoarseMask = hot,
            Layers = index < Detailed ? LayersOf(hot) : null,
        };
    }

    public static (int Row, int Column) HotCell(int index) => (2, index % 2 == 0 ? 4 : 1);

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Two layers of three heads: one with the hot cell, one that is the same everywhere, one with four cells that do not touch.
    /// </summary>
    private static GroundedLayers LayersOf(float[] hot)
    {
        float[] same = [.. Enumerable.Repeat(0.1f, Grid * Grid)];
        float[] scattered = new float[Grid * Grid];
        (scattered[0], scattered[2], scattered[14], scattered[35]) = (1, 1, 1, 1);
        float[] layer = [.. hot, .. same, .. scattered];
        return new GroundedLayers(2, 3, (float[])[.. Enumerable.Repeat(layer, 2 * Queries.Length).SelectMany(each => each)]);
    }

    private static float[] OneHot(int cell)
    {
        float[] map = new float[Grid * Grid];
        map[cell] = 1;
        return map;
    }

    private static MLImage Plain(int width, int height) =>
        MLImage.CreateFromPixels(
            width,
            height,
            MLPixelFormat.Bgra32,
            [.. Enumerable.Repeat((byte[])[180, 190, 170, 255], width * height).SelectMany(each => each)]
        );
}
