using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>What Hugging Face's own code computes on the golden checkpoints, float32.</summary>
[TestClass]
public sealed class HuggingFaceParityTests
{
    private const double FeatureTolerance = 1e-5;
    private const double AttentionTolerance = 2e-5;
    private const double LogitTolerance = 1e-4;

    private static readonly VisionLanguageModelOptions Float32 = new() { Precision = ModelPrecision.Float32 };

    [TestMethod]
    public void TinyA() => Check(GoldenData.TinyA);

    [TestMethod]
    public void TinyAInHalfPrecisionOnDisk() => Check(GoldenData.TinyAHalf);

    [TestMethod]
    public void TinyC() => Check(GoldenData.TinyC);

    private static void Check(GoldenData golden)
    {
        var checkpoint = SharedCheckpoint.Load(golden.Checkpoint, Float32);
        var shape = LlavaShape.Read(golden.Checkpoint);
        ImageSpan span = checkpoint.Images.Plan(new ImageRequest(ImageFit.Pad, null))!;
        PromptBuilder prompts = new(checkpoint.Info, checkpoint.Profile, checkpoint.ImageToken, null, golden.Checkpoint);
        PreparedPrompt prompt = prompts.Build(
            GoldenQueries.All(golden.Prompt),
            GoldenQueries.Options(golden.Prompt) with
            {
                PatchFeatures = true,
                SuffixLogits = true,
            },
            span.Layout
        );
        string[] cases = [.. golden.Cases.Where(name => golden.HasExpected(name, "pixel_values"))];
        Assert.IsNotEmpty(cases);
        int compared = 0;
        foreach (string name in cases)
        {
            float[] pixels = golden.Expected(name, "pixel_values").Floats();
            long[] pixelShape = [1, 3, shape.ImageSize, shape.ImageSize];
            if (golden.HasExpected(name, "vision_selected_hidden"))
            {
                using DisposeScope scope = NewDisposeScope();
                Near(
                    golden.Expected(name, "vision_selected_hidden").Floats(),
                    ((LlavaNetwork)checkpoint.Network).Vision.Forward(tensor(pixels, pixelShape), [shape.VisionLayersToRun])[0].ToFloats(),
                    FeatureTolerance,
                    $"{name} vision hidden state"
                );
            }

            AttentionCapture capture = checkpoint.Capturer.Capture(
                new PreparedImage(pixels, pixelShape, default, span),
                prompt,
                CancellationToken.None
            );
            Near(golden.Expected(name, "image_features").Floats(), capture.PatchFeatures, FeatureTolerance, $"{name} image features");
            for (int query = 0; query < golden.Prompt.Suffixes.Length; query++)
            {
                compared += CheckQuery(golden, name, query, capture, shape) ? 1 : 0;
            }
        }

        Assert.IsGreaterThanOrEqualTo(golden.Prompt.Suffixes.Length, compared, "queries with stored attention");

        checkpoint.Release();
    }

    private static bool CheckQuery(GoldenData golden, string name, int query, AttentionCapture capture, LlavaShape configuration)
    {
        bool suffixOnly = !golden.HasExpected(name, $"q{query}_attn");
        if (suffixOnly && !golden.HasExpected(name, $"q{query}_attn_suffix"))
        {
            return false;
        }

        NpyFile attention = golden.Expected(name, suffixOnly ? $"q{query}_attn_suffix" : $"q{query}_attn");
        int rows = attention.Shape[2];
        int tokens = attention.Shape[3];
        int row = suffixOnly ? golden.Prompt.TargetInSuffix[query] : golden.Prompt.TargetPositions[query];
        int maps = configuration.TextLayers * configuration.TextHeads;
        float[] all = attention.Floats();
        float[] expected = new float[maps * configuration.VisualTokens];
        for (int map = 0; map < maps; map++)
        {
            all.AsSpan((map * rows + row) * tokens + golden.Prompt.ImageStart, configuration.VisualTokens)
                .CopyTo(expected.AsSpan(map * configuration.VisualTokens));
        }

        int fine = Array.IndexOf(golden.Prompt.FineQueries, query);
        ReadOnlySpan<float> actual =
            fine < 0 ? capture.CoarseAttention : capture.FineAttention.AsSpan(fine * expected.Length, expected.Length);
        Near(expected, actual, AttentionTolerance, $"{name} query {query} attention");

        string logitsName = golden.HasExpected(name, $"q{query}_logits") ? $"q{query}_logits" : $"q{query}_logits_suffix";
        float[] logits = golden.Expected(name, logitsName).Floats();
        float[] suffix = capture.SuffixLogits[query];
        Near(logits.AsSpan(logits.Length - suffix.Length), suffix, LogitTolerance, $"{name} query {query} logits");
        return true;
    }

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        double worst = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            worst = Math.Max(worst, Math.Abs((double)expected[index] - actual[index]));
        }

        Console.WriteLine($"{what}: {worst:g3}");
        Assert.IsTrue(worst <= tolerance, $"{what}: off by {worst:g3}, allowed {tolerance:g3}.");
    }
}
