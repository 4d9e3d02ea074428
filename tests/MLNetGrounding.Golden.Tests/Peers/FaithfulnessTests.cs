using MLNetGrounding.Golden.Models;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Maths.Faithfulness;
using MLNetGrounding.Models.Faithfulness;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Peers;

/// <summary>Insertion and deletion curves against EAGLE's own code.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class FaithfulnessTests
{
    private const string Folder = "peers/EAGLE";
    private const double ScoreLimit = 1e-5;
    private const double EnlargedLimit = 1e-6;

    // Their sort is not stable: where pixels of one value lie on both sides of a step, any of them may come first. What comes of it is
    // looked for between what both orders of such pixels give, the earlier first and the later first.
    private const double PointLimit = 1e-2;
    private const double AreaLimit = 5e-4;

    public static IEnumerable<object[]> Cases => GoldenFolders.Folders(Folder, "saliency.npy").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void CurvesAreEagles(string name)
    {
        string path = GoldenFolders.Require(Folder, name);
        GoldenCase result = new(Folder, name);

        // A case is a model's folder and one of its images.
        int split = name.LastIndexOf('_');
        GoldenModel golden = new(name[..split]);
        GoldenModelCase each = golden.Cases.Single(candidate => candidate.Name == name[(split + 1)..]);
        using TemporaryFolder copies = new();
        string checkpoint = golden.CheckpointFor(each.Settings, copies.Path);
        using VisionLanguageModel model = result.Load(() =>
            VisionLanguageModel.Load(checkpoint, new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 })
        );
        RgbImage image = PngImage.Read(each.ImagePath);
        (int query, IReadOnlyList<int> _) = each.Answer!.Value;
        PreparedPrompt prompt = result.Load(() =>
            model.Prepare(
                [new AttentionQuery { Name = "answered", Question = each.Queries[query].Question }],
                new CaptureOptions
                {
                    Fit = each.Request.Fit,
                    Tiles = each.Request.Tiles,
                    Profile = new GroundingProfile { Template = each.Template },
                }
            )
        );
        int[] target = [.. Read(path, "target_ids")!.Longs().Select(id => (int)id)];
        float[] saliency = Read(path, "saliency")!.Floats();
        int[] shape = [.. Read(path, "saliency")!.Shape];

        // They lay the map over the whole image, whatever the model sees of it.
        MapGrid grid = new(shape[0], shape[1]);
        var whole = ImageGeometry.Create(ImageFit.Stretch, image.Width, image.Height, grid.Width, grid.Height, grid, 1, 1);
        FaithfulnessMeter meter = model.FaithfulnessMeter(
            image,
            prompt,
            query: 0,
            target,
            new FaithfulnessOptions { ImagesAtATime = 8 },
            CancellationToken.None
        );
        if (Read(path, "upsampled") is { } enlarged)
        {
            result.Close("upsampled", enlarged.Floats(), MapEnlargement.Bilinear(saliency, whole), EnlargedLimit);
        }

        PixelSteps pixels = meter.StepsOf(saliency, whole);
        var cells = PixelSteps.OfCells(saliency, whole);
        List<PixelSteps> orders = [pixels, LaterFirst(MapEnlargement.Bilinear(saliency, whole)), cells];
        if (Read(path, "slico_labels") is { } labels && Read(path, "greedy_order") is { } order)
        {
            orders.Add(
                PixelSteps.OfRegions([.. labels.Bytes().Select(label => (int)label)], [.. order.Longs().Select(region => (int)region)])
            );
        }

        IReadOnlyList<FaithfulnessCurves> curves = meter.Measure(orders, progress: null, CancellationToken.None);
        Between(
            result,
            "insertion",
            Means(Read(path, "insertion"), target.Length),
            curve => [.. curve.Insertion.Skip(1)],
            curves,
            PointLimit
        );
        Between(result, "deletion", Means(Read(path, "deletion"), target.Length), curve => [.. curve.Deletion.Skip(1)], curves, PointLimit);
        Compare(result, "region_area", Read(path, "region_area")?.Doubles(), [.. curves[0].Shares.Skip(1)], limit: 1e-12);
        Between(result, "insertion_auc", Read(path, "insertion_auc")?.Doubles(), curve => [curve.InsertionArea], curves, AreaLimit);
        Between(result, "deletion_auc", Read(path, "deletion_auc")?.Doubles(), curve => [curve.DeletionArea], curves, AreaLimit);
        Determined(
            result,
            "insertion_where_no_value_is_cut",
            Means(Read(path, "insertion"), target.Length),
            curves[0].Insertion,
            pixels,
            saliency,
            whole
        );
        Determined(
            result,
            "deletion_where_no_value_is_cut",
            Means(Read(path, "deletion"), target.Length),
            curves[0].Deletion,
            pixels,
            saliency,
            whole
        );
        Compare(
            result,
            "full_score",
            Read(path, "full_score")?.Doubles() is { } full ? [full.Average()] : null,
            [curves[0].Insertion[^1]],
            ScoreLimit
        );
        Whole(result, path, "cell", curves[2]);
        if (curves.Count > 3)
        {
            Whole(result, path, "greedy", curves[3]);
        }

        result.Complete();
    }

    /// <summary>Steps of pixels of which, among equal ones, the later comes first.</summary>
    private static PixelSteps LaterFirst(float[] values)
    {
        const int steps = 64;
        var reversed = PixelSteps.Descending([.. values.Reverse()], steps);
        int[] regions = new int[values.Length];
        for (int step = steps; step > 0; step--)
        {
            foreach (int pixel in reversed.First(step))
            {
                regions[values.Length - 1 - pixel] = step - 1;
            }
        }

        return PixelSteps.OfRegions(regions, [.. Enumerable.Range(0, steps)]);
    }

    /// <summary>Compares with the nearest number between those of the two orders of equal pixels.</summary>
    private static void Between(
        GoldenCase result,
        string array,
        double[]? expected,
        Func<FaithfulnessCurves, double[]> of,
        IReadOnlyList<FaithfulnessCurves> curves,
        double limit
    )
    {
        (double[] earlier, double[] later) = (of(curves[0]), of(curves[1]));
        Compare(
            result,
            array,
            expected,
            [
                .. (expected ?? []).Select(
                    (value, point) => Math.Clamp(value, Math.Min(earlier[point], later[point]), Math.Max(earlier[point], later[point]))
                ),
            ],
            limit
        );
    }

    /// <summary>
    /// Compares the points at which no pixel that is hidden has the value of one that is shown, so that any sort gives the same.
    /// </summary>
    private static void Determined(
        GoldenCase result,
        string array,
        double[]? expected,
        IReadOnlyList<double> actual,
        PixelSteps steps,
        float[] saliency,
        in ImageGeometry geometry
    )
    {
        if (expected is null)
        {
            return;
        }

        float[] values = MapEnlargement.Bilinear(saliency, geometry);
        int[] points =
        [
            .. Enumerable.Range(1, expected.Length - 1).Where(step => values[steps.First(step)[^1]] > values[steps.After(step)[0]]),
        ];
        Assert.IsGreaterThan(expected.Length / 2, points.Length);
        result.Close(
            array,
            [.. points.Select(point => (float)expected[point - 1])],
            [.. points.Select(point => (float)actual[point])],
            ScoreLimit
        );
    }

    /// <summary>Curves whose steps are known to the pixel.</summary>
    private static void Whole(GoldenCase result, string path, string kind, FaithfulnessCurves curves)
    {
        Compare(result, $"{kind}_area", Read(path, $"{kind}_area")?.Doubles(), curves.Shares, limit: 1e-12);
        Compare(result, $"{kind}_insertion", Read(path, $"{kind}_insertion")?.Doubles(), curves.Insertion, ScoreLimit);
        Compare(result, $"{kind}_deletion", Read(path, $"{kind}_deletion")?.Doubles(), curves.Deletion, ScoreLimit);
    }

    /// <summary>Compares an array where the folder has it.</summary>
    private static void Compare(GoldenCase result, string array, double[]? expected, IReadOnlyList<double> actual, double limit)
    {
        if (expected is not null)
        {
            result.Close(array, [.. expected.Select(value => (float)value)], [.. actual.Select(value => (float)value)], limit);
        }
    }

    private static double[]? Means(NpyFile? curve, int tokens) => curve?.Doubles().Chunk(tokens).Select(point => point.Average()).ToArray();

    private static NpyFile? Read(string path, string array)
    {
        string file = Path.Combine(path, array + ".npy");
        return File.Exists(file) ? NpyFile.Read(file) : null;
    }
}
