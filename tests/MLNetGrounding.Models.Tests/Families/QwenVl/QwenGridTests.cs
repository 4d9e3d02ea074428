using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>Whole models through the public door.</summary>
[TestClass]
public sealed class QwenGridTests
{
    private static readonly AttentionQuery[] Queries =
    [
        AttentionQuery.Coarse("bird"),
        AttentionQuery.Fine("beak"),
        AttentionQuery.Neutral(),
    ];

    [TestMethod]
    [DataRow("qwen2_vl")]
    [DataRow("qwen2_5_vl")]
    [DataRow("qwen3_vl")]
    public void MapsHaveTheGridThatIsAskedFor(string family)
    {
        using VisionLanguageModel model = Open(family);
        RgbImage image = Image("wide.png");
        PreparedPrompt prompt = model.Prepare(Queries, new CaptureOptions { Grid = new MapGrid(10, 16), PatchFeatures = true });
        Assert.AreEqual(new MapGrid(10, 16), prompt.Layout!.Grid);
        AttentionCapture capture = model.Capture(image, prompt);
        int perQuery = model.Info.Layers * model.Info.Heads * 160;
        Assert.HasCount(perQuery, capture.FineAttention);
        Assert.HasCount(perQuery, capture.CoarseAttention);
        Assert.HasCount(160 * model.Info.Width, capture.PatchFeatures);
        Assert.HasCount(model.Info.Layers * prompt.FlowTokens * prompt.FlowTokens, capture.CoarseFlow);
        Assert.AreEqual(new MapGrid(10, 16), capture.Geometry.Grid);
        Assert.IsTrue(Array.TrueForAll(capture.FineAttention, float.IsFinite));

        // Of a wide image on a less wide canvas the upper and lower rows are padding.
        (double left, double top, double right, double bottom) = capture.Geometry.CellToPixels(0, 0);
        Assert.IsLessThan(0, top);
        Assert.AreEqual(0, left, 1e-9);
    }

    [TestMethod]
    [DataRow("qwen2_vl", 5, 7)]
    [DataRow("qwen2_5_vl", 5, 8)]
    [DataRow("qwen3_vl", 4, 7)]
    public void StretchedToTheProcessorsGridAnImageIsAsIfItKeptItsShape(string family, int rows, int columns)
    {
        using VisionLanguageModel model = Open(family);
        RgbImage image = Image("img0.png");
        PreparedPrompt native = model.Prepare(Queries, new CaptureOptions { Fit = ImageFit.Native });
        Assert.IsNull(native.Layout);
        AttentionCapture own = model.Capture(image, native);
        Assert.AreEqual(new MapGrid(rows, columns), own.Prompt.Layout!.Grid);
        AttentionCapture asked = model.Capture(
            image,
            model.Prepare(Queries, new CaptureOptions { Fit = ImageFit.Stretch, Grid = new MapGrid(rows, columns) })
        );
        CollectionAssert.AreEqual(asked.FineAttention, own.FineAttention);
        CollectionAssert.AreEqual(asked.CoarseFlow, own.CoarseFlow);
        Assert.AreEqual(asked.Geometry, own.Geometry);
    }

    [TestMethod]
    [DataRow("qwen2_5_vl", "You are a helpful assistant.")]
    [DataRow("qwen3_vl", null)]
    public void TheChatTemplateIsKnownAndASystemMessageCanBeSet(string family, string? own)
    {
        using VisionLanguageModel model = Open(family);
        StringAssert.Contains(model.TemplateOrigin, "known");
        Assert.AreEqual(
            own is not null,
            model.Profile.Template!.StartsWith(
                $"<|im_start|>system\n{own}<|im_end|>\n<|im_start|>user\n<|vision_start|><image>",
                StringComparison.Ordinal
            )
        );
        int plain = model.Prepare(Queries).Prefix.Count;
        int without = model.Prepare(Queries, new CaptureOptions { Profile = model.Profile with { SystemMessage = "" } }).Prefix.Count;
        int with = model
            .Prepare(Queries, new CaptureOptions { Profile = model.Profile with { SystemMessage = "You are a helpful assistant." } })
            .Prefix.Count;
        Assert.AreEqual(plain, own is null ? without : with);
        Assert.IsGreaterThan(without, with);
    }

    [TestMethod]
    [DataRow("qwen2_vl")]
    [DataRow("qwen2_5_vl")]
    [DataRow("qwen3_vl")]
    public void HalfPrecisionGivesNearlyTheSameMaps(string family)
    {
        CaptureOptions options = new() { Grid = new MapGrid(5, 6) };
        float[] single = Maps(ModelPrecision.Float32);
        float[] half = Maps(ModelPrecision.BFloat16);
        double difference =
            single.Zip(half, (first, second) => Math.Abs((double)first - second)).Sum() / single.Sum(value => (double)value);
        Assert.IsLessThan(0.15, difference);

        float[] Maps(ModelPrecision precision)
        {
            using var model = VisionLanguageModel.Load(Checkpoint(family), new VisionLanguageModelOptions { Precision = precision });
            return model.Capture(Image("img0.png"), model.Prepare(Queries, options)).FineAttention;
        }
    }

    [TestMethod]
    public void AMissingProcessorIsNamed()
    {
        using TemporaryFolder folder = new();
        foreach (
            string file in Directory
                .GetFiles(Checkpoint("qwen3_vl"))
                .Where(file => Path.GetFileName(file) != CheckpointSettings.ImageProcessorFileName)
        )
        {
            File.CreateSymbolicLink(Path.Combine(folder.Path, Path.GetFileName(file)), file);
        }

        string message = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(folder.Path)).Message;
        StringAssert.Contains(message, CheckpointSettings.ImageProcessorFileName);
        Assert.DoesNotContain('\n', message);
    }

    private static string Checkpoint(string family) => TestData.Require(Path.Combine("golden2", family, "checkpoint"));

    private static VisionLanguageModel Open(string family) => VisionLanguageModel.Load(Checkpoint(family));

    private static RgbImage Image(string name)
    {
        string second = Path.Combine(TestData.Require("golden2/images"), name);
        return Pictures.Decode(File.Exists(second) ? second : TestData.Require(Path.Combine("golden", "images", name)));
    }
}
