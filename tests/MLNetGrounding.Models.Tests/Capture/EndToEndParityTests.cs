using MLNetGrounding.Maths;
using MLNetGrounding.Maths.Aggregation;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Capture;

/// <summary>From the picture to the final map, against the method's plain float64 statement fed with Hugging Face's attention.</summary>
[TestClass]
public sealed class EndToEndParityTests
{
    private const double Tolerance = 1e-3;

    // Our attention differs from the stored one by up to 5e-5; a head whose decision is closer than what that can move may flip.
    private const double EntropyNoise = 1e-3;

    [TestMethod]
    public void TinyA() => Check(GoldenData.TinyA);

    [TestMethod]
    public void TinyC() => Check(GoldenData.TinyC);

    [TestMethod]
    public void EveryReadingOfTinyA() => CheckReadings(GoldenData.TinyA);

    [TestMethod]
    public void EveryReadingOfTinyC() => CheckReadings(GoldenData.TinyC);

    /// <summary>The options that belong to the capture decide here, on attention that is our own.</summary>
    private static void CheckReadings(GoldenData golden)
    {
        using var model = VisionLanguageModel.Load(
            golden.Checkpoint,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 }
        );
        string name = golden.MethodCases[0];
        RgbImage image = Pictures.Decode(golden.Image(name));
        foreach ((string key, Reading reading) in Reading.All)
        {
            PreparedPrompt prompt = model.Prepare(
                GoldenQueries.All(golden.Prompt),
                GoldenQueries.Options(golden.Prompt) with
                {
                    Fit = ImageFit.Crop,
                    Flow = new CoarseFlowOptions { Heads = reading.FlowHeads, HeadSelection = reading.Heads },
                }
            );
            AttentionCapture capture = model.Capture(image, prompt);
            Near(golden.Method(name, $"alt_final_q1__{key}").Floats(), FinalMap(capture, reading, model.Info), $"{name} {key}");
        }
    }

    /// <summary>The final map of the first fine query under a reading.</summary>
    private static float[] FinalMap(AttentionCapture capture, Reading reading, ModelInfo model)
    {
        (int layers, int grid, int cells) = (model.Layers, model.Grid.Height, model.Grid.Cells);
        float[] mask = new float[cells];
        if (reading.Rollout.Form == RolloutForm.Tokens)
        {
            CoarseRollout.TokenMask(
                capture.CoarseFlow,
                capture.FlowRowSums,
                layers,
                capture.Prompt.FlowTokens,
                capture.Prompt.CoarsePositions.ToArray(),
                reading.Rollout,
                mask
            );
        }
        else
        {
            CoarseRollout.SpatialMask(LayerMaps(capture.CoarseAttention, reading.Heads, model), layers, grid, grid, reading.Rollout, mask);
        }

        float[] final = new float[cells];
        HierarchicalAggregation.Aggregate(LayerMaps(capture.FineAttention, reading.Heads, model), mask, layers, reading.Aggregation, final);
        return final;
    }

    private static float[] LayerMaps(ReadOnlySpan<float> maps, HeadSelectionOptions options, ModelInfo model)
    {
        (int heads, int grid, int cells) = (model.Heads, model.Grid.Height, model.Grid.Cells);
        float[] layerMaps = new float[model.Layers * cells];
        for (int layer = 0; layer < model.Layers; layer++)
        {
            HeadSelection.Select(
                maps.Slice(layer * heads * cells, heads * cells),
                heads,
                grid,
                grid,
                options,
                layerMaps.AsSpan(layer * cells, cells),
                new bool[heads],
                new double[heads],
                new double[heads]
            );
        }

        return layerMaps;
    }

    private static void Check(GoldenData golden)
    {
        using var model = VisionLanguageModel.Load(
            golden.Checkpoint,
            new VisionLanguageModelOptions { Precision = ModelPrecision.Float32 }
        );
        foreach (string name in golden.MethodCases)
        {
            ImageFit fit = name.EndsWith("_pad", StringComparison.Ordinal) ? ImageFit.Pad : ImageFit.Crop;
            PreparedPrompt prompt = model.Prepare(
                GoldenQueries.All(golden.Prompt),
                GoldenQueries.Options(golden.Prompt) with
                {
                    Fit = fit,
                }
            );
            AttentionCapture capture = model.Capture(Pictures.Decode(golden.Image(name)), prompt);
            CheckCase(golden, name, capture, model.Info);
        }
    }

    private static void CheckCase(GoldenData golden, string name, AttentionCapture capture, ModelInfo model)
    {
        (int layers, int heads, int grid, int cells) = (model.Layers, model.Heads, model.Grid.Height, model.Grid.Cells);
        bool coarseExact = SelectionsAgree(golden, name, "coarse", capture.CoarseAttention, layers, heads, grid, out _);
        Assert.IsTrue(coarseExact, $"{name}: the coarse selection differs.");

        float[] mask = new float[cells];
        CoarseRollout.TokenMask(
            capture.CoarseFlow,
            capture.FlowRowSums,
            layers,
            capture.Prompt.FlowTokens,
            capture.Prompt.CoarsePositions.ToArray(),
            new RolloutOptions(),
            mask
        );
        Near(Scaled(golden.Method(name, "R_map").Floats()), mask, $"{name} coarse mask");

        float[] expected = golden.Method(name, "fine_final").Floats();
        for (int query = 0; query < golden.Prompt.FineQueries.Length; query++)
        {
            int length = layers * heads * cells;
            bool exact = SelectionsAgree(
                golden,
                name,
                "fine",
                capture.FineAttention.AsSpan(query * length, length),
                layers,
                heads,
                grid,
                out float[] layerMaps,
                query
            );
            Assert.IsTrue(exact, $"{name} query {query}: the selection differs.");
            float[] final = new float[cells];
            HierarchicalAggregation.Aggregate(layerMaps, mask, layers, new AggregationOptions(), final);
            Near(expected.AsSpan(query * cells, cells), final, $"{name} query {query} final map");
        }
    }

    /// <summary>Runs head selection and compares it with the stored one wherever the decision is not within the noise.</summary>
    private static bool SelectionsAgree(
        GoldenData golden,
        string name,
        string kind,
        ReadOnlySpan<float> maps,
        int layers,
        int heads,
        int grid,
        out float[] layerMaps,
        int query = 0
    )
    {
        int cells = grid * grid;
        bool[] stored = golden.Method(name, $"{kind}_selected").Booleans();
        double[] storedEntropy = golden.Method(name, $"{kind}_entropy").Doubles();
        layerMaps = new float[layers * cells];
        bool agree = true;
        for (int layer = 0; layer < layers; layer++)
        {
            bool[] kept = new bool[heads];
            HeadSelection.Select(
                maps.Slice(layer * heads * cells, heads * cells),
                heads,
                grid,
                grid,
                new HeadSelectionOptions(),
                layerMaps.AsSpan(layer * cells, cells),
                kept,
                new double[heads],
                new double[heads]
            );
            for (int head = 0; head < heads; head++)
            {
                int index = (query * layers + layer) * heads + head;
                agree &= kept[head] == stored[index] || Math.Abs(storedEntropy[index] - 0.8) < EntropyNoise;
            }
        }

        return agree;
    }

    private static float[] Scaled(float[] map)
    {
        float largest = map.Max();
        return [.. map.Select(value => value / largest)];
    }

    /// <summary>Within the tolerance of the map's maximum.</summary>
    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        float scale = 0;
        foreach (float value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        TinyACapture.Near(expected, actual, Tolerance * scale, what);
    }
}
