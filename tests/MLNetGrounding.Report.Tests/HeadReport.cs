using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>
/// A report of images that all come with attention by layer and head, random but for one head that looks at the beak, and whose maps rank
/// the images: the beak's map of image k is largest at the beak in the images that are hits.
/// </summary>
internal sealed class HeadReport : IDisposable
{
    public const int Grid = 8;
    public const int Layers = 3;
    public const int Heads = 4;
    public const int Images = 20;

    /// <summary>The head, counted through all layers, that looks at the beak of every image and question.</summary>
    public const int Good = 6;

    public static readonly string[] Queries = ["beak", "eye", "crest"];

    private readonly TemporaryFolder _folder = new();

    public HeadReport(GroundingReportOptions? options = null, int images = Images)
    {
        var report = new GroundingReport(options ?? new GroundingReportOptions());
        for (int index = 0; index < images; index++)
        {
            using GroundedImage image = Image(index);
            report.Add(image);
        }

        Path = System.IO.Path.Combine(_folder.Path, "report.html");
        report.Save(Path);
    }

    public string Path { get; }

    /// <summary>Every fourth image is padded above and below; its key points move from image to image.</summary>
    public static GroundedImage Image(int index)
    {
        var random = new Random(index);
        (int width, int height) = index % 4 == 0 ? (160, 80) : (160, 160);
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, width, height, 8 * Grid, Grid);
        int beak = BeakCell(index);
        float[] keyPoints = new float[30];
        float[] visible = new float[15];
        Place(point: 1, beak);
        // Every third image shows no eye.
        if (index % 3 != 0)
        {
            Place(point: 6, (4 * Grid) + (index % Grid));
        }

        // Neither is constant, nor is one the other's order.
        float[] map = [.. Enumerable.Range(0, Grid * Grid).Select(_ => random.NextSingle())];
        map[beak] = index < 10 ? 2 + index : map[beak];
        float[] eye = [.. Enumerable.Range(0, Grid * Grid).Select(_ => random.NextSingle())];
        eye[(4 * Grid) + (index % Grid)] += index % 2;
        return new GroundedImage
        {
            Image = Gray(width, height),
            Geometry = geometry,
            Name = $"bird-{index:00}.png",
            Queries = Queries,
            Methods = [new GroundedMaps("only", (float[])[.. map, .. eye, .. map])],
            KeyPoints = keyPoints,
            KeyPointVisible = visible,
            KeyPointDescription = CubParts.Description,
            Layers = new GroundedLayers(Layers, Heads, AttentionOf(index, random)),
        };

        void Place(int point, int cell)
        {
            (double left, double top, double right, double bottom) = geometry.CellToPixels(cell / Grid, cell % Grid);
            visible[point] = 1;
            (keyPoints[2 * point], keyPoints[(2 * point) + 1]) = ((float)(left + right) / 2, (float)(top + bottom) / 2);
        }
    }

    public static int BeakCell(int index) => (3 * Grid) + ((5 * index) % Grid);

    public void Dispose() => _folder.Dispose();

    private static float[] AttentionOf(int index, Random random)
    {
        float[] attention = new float[Queries.Length * Layers * Heads * Grid * Grid];
        for (int map = 0; map < Queries.Length * Layers * Heads; map++)
        {
            Span<float> cells = attention.AsSpan(map * Grid * Grid, Grid * Grid);
            double sharpness = 1 + (20 * random.NextDouble());
            for (int cell = 0; cell < cells.Length; cell++)
            {
                cells[cell] = (float)Math.Pow(random.NextDouble(), sharpness) / 10;
            }

            if (map % (Layers * Heads) == Good)
            {
                cells[BeakCell(index)] = 0.5f;
            }
        }

        return attention;
    }

    private static MLImage Gray(int width, int height) =>
        MLImage.CreateFromPixels(
            width,
            height,
            MLPixelFormat.Bgra32,
            [.. Enumerable.Repeat((byte[])[150, 160, 140, 255], width * height).SelectMany(each => each)]
        );
}
