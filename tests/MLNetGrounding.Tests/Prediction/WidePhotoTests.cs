using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Attention;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Prediction;

/// <summary>A grid of 10 x 16 cells from photos of several shapes to boxes in pixels, an overlay and a report.</summary>
[TestClass]
public sealed class WidePhotoTests
{
    private static readonly MapGrid Grid = new(10, 16);

    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    // Cells of a photo of the grid's shape, of one that is padded below and above, of one that is cut at its sides, of one that is
    // stretched.
    [TestMethod]
    [DataRow(ImageFit.Pad, 640, 400, 40.0, 40.0, 0.0, 0.0)]
    [DataRow(ImageFit.Pad, 640, 320, 40.0, 40.0, 0.0, -40.0)]
    [DataRow(ImageFit.Crop, 720, 400, 40.0, 40.0, 40.0, 0.0)]
    [DataRow(ImageFit.Stretch, 320, 400, 20.0, 40.0, 0.0, 0.0)]
    public void BoxesAreThoseOfTheCellsInPixels(
        ImageFit fit,
        int width,
        int height,
        double cellWidth,
        double cellHeight,
        double left,
        double top
    )
    {
        using TemporaryFolder folder = new();
        using MLImage photo = Photo.Draw(width, height);
        using GroundingEngine engine = Engine(folder, fit);
        GroundingPrediction prediction = engine.Predict(photo);
        foreach (GroundedQuery query in prediction.Queries)
        {
            Assert.AreEqual(Grid, query.Grid);
            int[] cells = [.. Enumerable.Range(0, Grid.Cells).Where(cell => query.Region.Cells.Span[cell])];
            Assert.IsNotEmpty(cells);

            // The parts of the region from the largest one, as pixels; a box ends with the photo, wherever its cells end.
            PixelBox[] expected =
            [
                .. from part in Parts(cells)
                let x = (int)Math.Clamp(left + (part.Min(cell => cell % 16) * cellWidth), 0, width)
                let y = (int)Math.Clamp(top + (part.Min(cell => cell / 16) * cellHeight), 0, height)
                let endX = (int)Math.Clamp(left + ((part.Max(cell => cell % 16) + 1) * cellWidth), 0, width)
                let endY = (int)Math.Clamp(top + ((part.Max(cell => cell / 16) + 1) * cellHeight), 0, height)
                where x < endX && y < endY
                select new PixelBox(x, y, endX - x, endY - y),
            ];
            CollectionAssert.AreEqual(expected, query.Region.Boxes.ToArray());
            Assert.AreEqual(expected.Length > 0 ? expected[0] : null, query.Region.Box);
        }

        GroundedQuery first = prediction.Queries[0];
        using GroundingOverlay overlay = new(photo, prediction.Geometry!.Value);
        using MLImage drawn = overlay.DrawMap(first.Map.Span).DrawRegion(first.Map.Span, 0.5).ToImage();
        Assert.AreEqual((double)width / height, (double)drawn.Width / drawn.Height, 0.01);
    }

    [TestMethod]
    public void TheReportHoldsTheGridAndSaysWhatStandsOutWhateverIsAsked()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "photo.png");
        using (MLImage photo = Photo.Draw(640, 400))
        {
            photo.Save(path);
        }

        IDataView rows = ML.Data.LoadFromEnumerable([new PathRow { ImagePath = path }]);
        AttentionExtractorOptions options = Options(folder, ImageFit.Pad);
        options.NeutralAttentionColumnName = "NeutralAttention";
        using TransformerChain<RolloutMaskerTransformer> chain = ML
            .Transforms.LoadGroundingImages()
            .Append(ML.Transforms.ExtractAttention(options))
            .Append(ML.Transforms.SelectHeads())
            .Append(ML.Transforms.MaskByRollout())
            .Fit(rows);
        GroundingReport report = new();
        foreach (GroundedImage image in ML.Grounding.ReadImages(chain.Transform(rows)))
        {
            using (image)
            {
                report.Add(image);
            }
        }

        string file = Path.Combine(folder.Path, "report.html");
        report.Save(file);
        string page = File.ReadAllText(file);
        StringAssert.Contains(page, "\"gridHeight\":10,\"gridWidth\":16", StringComparison.Ordinal);
        StringAssert.Matches(
            page,
            new System.Text.RegularExpressions.Regex("\"constantCells\":\"[^\"]*2 questions and the one about nothing in particular")
        );
    }

    private GroundingEngine Engine(TemporaryFolder folder, ImageFit fit)
    {
        IDataView none = ML.Data.LoadFromEnumerable(Array.Empty<PathRow>());
        return ML.Model.CreateGroundingEngine(
            ML.Transforms.LoadGroundingImages()
                .Append(ML.Transforms.ExtractAttention(Options(folder, fit)))
                .Append(ML.Transforms.SelectHeads())
                .Append(ML.Transforms.MaskByRollout())
                .Fit(none),
            regionThreshold: 0.5
        );
    }

    private static AttentionExtractorOptions Options(TemporaryFolder folder, ImageFit fit) =>
        new()
        {
            ModelDirectory = GeneratedCheckpoints.WriteNative(folder),
            Words = ["disc", "meadow"],
            Object = "photo",
            Capture = new CaptureOptions { Grid = Grid, Fit = fit },

            // Of random heads none is compact.
            HeadSelection = new HeadSelectionOptions { EntropyThreshold = 1, CompactnessThreshold = 0 },
        };

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    /// <summary>What hangs together by edges, the largest part first, of equal ones the first row by row.</summary>
    private static IEnumerable<List<int>> Parts(int[] cells)
    {
        List<List<int>> parts = [];
        HashSet<int> left = [.. cells];
        foreach (int start in cells)
        {
            if (!left.Remove(start))
            {
                continue;
            }

            List<int> part = [start];
            for (int next = 0; next < part.Count; next++)
            {
                int cell = part[next];
                foreach (int neighbor in (int[])[cell - 16, cell + 16, cell % 16 > 0 ? cell - 1 : -1, cell % 16 < 15 ? cell + 1 : -1])
                {
                    if (left.Remove(neighbor))
                    {
                        part.Add(neighbor);
                    }
                }
            }

            parts.Add(part);
        }

        return parts.OrderByDescending(part => part.Count);
    }
}
