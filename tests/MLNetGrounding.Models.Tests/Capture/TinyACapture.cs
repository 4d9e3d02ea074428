using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

/// <summary>Captures the first golden picture with a checkpoint that answers tiny-a's prompt.</summary>
internal static class TinyACapture
{
    public static AttentionCapture Run(
        string checkpoint,
        ModelPrecision precision = ModelPrecision.Float32,
        Func<CaptureOptions, CaptureOptions>? change = null,
        IReadOnlyList<AttentionQuery>? queries = null
    )
    {
        GoldenData golden = GoldenData.TinyA;
        CaptureOptions options = GoldenQueries.Options(golden.Prompt) with { PatchFeatures = true, SuffixLogits = true };
        using var model = VisionLanguageModel.Load(checkpoint, new VisionLanguageModelOptions { Precision = precision });
        PreparedPrompt prompt = model.Prepare(queries ?? GoldenQueries.All(golden.Prompt), change is null ? options : change(options));
        return model.Capture(Pictures.Decode(golden.Image("img0_pad")), prompt);
    }

    /// <summary>Asserts that two captures hold the same numbers, to the last bit unless a tolerance is given.</summary>
    public static void AssertEqual(AttentionCapture expected, AttentionCapture actual, float tolerance = 0)
    {
        Near(expected.FineAttention, actual.FineAttention, tolerance, nameof(AttentionCapture.FineAttention));
        Near(expected.CoarseAttention, actual.CoarseAttention, tolerance, nameof(AttentionCapture.CoarseAttention));
        Near(expected.CoarseFlow, actual.CoarseFlow, tolerance, nameof(AttentionCapture.CoarseFlow));
        Near(expected.FlowRowSums, actual.FlowRowSums, tolerance, nameof(AttentionCapture.FlowRowSums));
        Near(expected.PatchFeatures, actual.PatchFeatures, tolerance, nameof(AttentionCapture.PatchFeatures));
        for (int query = 0; query < expected.SuffixLogits.Count; query++)
        {
            Near(expected.SuffixLogits[query], actual.SuffixLogits[query], 10 * tolerance, nameof(AttentionCapture.SuffixLogits));
        }
    }

    public static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        double worst = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            worst = Math.Max(worst, Math.Abs((double)expected[index] - actual[index]));
        }

        Assert.IsTrue(worst <= tolerance, $"{what}: off by {worst:g3}, allowed {tolerance:g3}.");
    }
}
