using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Rollout;

/// <summary>Fed the stored attention, the components give what the method's plain float64 statement gives.</summary>
[TestClass]
public sealed class GoldenMethodTests
{
    private const double Tolerance = 1e-5;

    private readonly MLContext _ml = new(seed: 1);

    private static IEnumerable<string> Cases => GoldenData.TinyA.MethodCases;

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void SelectionMaskAndMapsEqualTheStoredOnes(string caseName)
    {
        GoldenData golden = GoldenData.TinyA;
        IDataView data = Run(golden, caseName, new RolloutMaskerOptions());

        float[] kept = data.Vectors("KeptHeads")[0];
        CollectionAssert.AreEqual(golden.Method(caseName, "fine_selected").Booleans(), Array.ConvertAll(kept, each => each == 1));
        AssertClose(golden.Method(caseName, "fine_A_fine").Doubles(), data.Vectors("LayerMaps")[0], "layer maps");
        AssertClose(golden.Method(caseName, "fine_entropy").Doubles(), data.Vectors("Entropy")[0], "entropy");
        AssertClose(golden.Method(caseName, "fine_compactness").Doubles(), data.Vectors("Compactness")[0], "compactness");
        AssertClose(golden.Method(caseName, "A_coarse").Doubles(), data.Vectors("CoarseLayerMaps")[0], "coarse layer maps");
        double[] mask = golden.Method(caseName, "R_map").Doubles();
        AssertClose([.. mask.Select(cell => cell / mask.Max())], data.Vectors("CoarseMask")[0], "mask");
        AssertClose(golden.Method(caseName, "fine_final").Doubles(), data.Vectors("GroundingMaps")[0], "grounding maps");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void AlternativeReadingsEqualTheStoredOnes(string caseName)
    {
        var readings = new Dictionary<string, RolloutMaskerOptions>
        {
            ["default"] = new(),
            ["order_right"] = new() { Rollout = new RolloutOptions { Order = RolloutOrder.BottomUp } },
            ["rownorm"] = new() { Rollout = new RolloutOptions { RowNormalized = true } },
            ["spatial_matmul"] = new() { Rollout = new RolloutOptions { Form = RolloutForm.SpatialProduct } },
            ["spatial_hadamard"] = new() { Rollout = new RolloutOptions { Form = RolloutForm.SpatialElementwise } },
            ["normalize_sum"] = new() { Aggregation = new AggregationOptions { Normalization = WeightNormalization.Sum } },
            ["normalize_max"] = new() { Aggregation = new AggregationOptions { Normalization = WeightNormalization.Maximum } },
            ["normalize_layers"] = new() { Aggregation = new AggregationOptions { Normalization = WeightNormalization.AcrossLayers } },
        };
        GoldenData golden = GoldenData.TinyA;
        int cells = golden.Prompt.ImageTokens;
        foreach ((string name, RolloutMaskerOptions options) in readings)
        {
            // The stored alternatives are those of query 1, the first fine one.
            float[] map = Run(golden, caseName, options).Vectors("GroundingMaps")[0][..cells];
            AssertClose(golden.Method(caseName, $"alt_final_q1__{name}").Doubles(), map, name);
        }
    }

    private IDataView Run(GoldenData golden, string caseName, RolloutMaskerOptions options)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([GoldenRow.Read(golden, caseName)]);
        return _ml
            .Transforms.SelectHeads(
                new HeadSelectorOptions
                {
                    CoarseAttentionColumnName = "CoarseAttention",
                    EntropyColumnName = "Entropy",
                    CompactnessColumnName = "Compactness",
                }
            )
            .Append(_ml.Transforms.MaskByRollout(options))
            .Fit(data)
            .Transform(data);
    }

    private static void AssertClose(double[] expected, float[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        double largest = Math.Max(expected.Max(), 1e-12);
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.AreEqual(expected[index], actual[index], Tolerance * largest, $"{what} [{index}]");
        }
    }

    /// <summary>The stored attention of one image, cut as attention extraction cuts it.</summary>
    private sealed class GoldenRow
    {
        private const int Layers = 4;
        private const int Heads = 4;
        private const int Tokens = 19;

        [VectorType(4, Layers, Heads, 4, 4)]
        public float[] FineAttention { get; set; } = [];

        [VectorType(Layers, Heads, 4, 4)]
        public float[] CoarseAttention { get; set; } = [];

        [VectorType(Layers, Tokens, Tokens)]
        public float[] CoarseFlow { get; set; } = [];

        [VectorType(Layers, Tokens)]
        public float[] FlowRowSums { get; set; } = [];

        public static GoldenRow Read(GoldenData golden, string caseName)
        {
            GoldenPrompt prompt = golden.Prompt;
            Assert.AreEqual(Tokens, prompt.TargetPositions[prompt.CoarseQuery] - prompt.ImageStart + 1);
            NpyFile file = golden.Method(caseName, "coarse_A_full");
            (float[] flow, int tokens) = (file.Floats(), file.Shape[1]);
            float[][] rows =
            [
                .. Enumerable
                    .Range(0, Layers * Tokens)
                    .Select(row =>
                        flow.AsSpan((((row / Tokens) * tokens) + prompt.ImageStart + (row % Tokens)) * tokens, tokens).ToArray()
                    ),
            ];
            return new GoldenRow
            {
                FineAttention = [.. prompt.FineQueries.SelectMany(query => Maps(golden, caseName, query))],
                CoarseAttention = Maps(golden, caseName, prompt.CoarseQuery),
                CoarseFlow = [.. rows.SelectMany(row => row.Skip(prompt.ImageStart).Take(Tokens))],
                FlowRowSums = [.. rows.Select(row => row.Sum())],
            };
        }

        private static float[] Maps(GoldenData golden, string caseName, int query)
        {
            NpyFile file = golden.Expected(caseName, $"q{query}_attn");
            (float[] attention, int tokens) = (file.Floats(), file.Shape[2]);
            GoldenPrompt prompt = golden.Prompt;
            return
            [
                .. Enumerable
                    .Range(0, Layers * Heads)
                    .SelectMany(head =>
                        attention
                            .Skip((((head * tokens) + prompt.TargetPositions[query]) * tokens) + prompt.ImageStart)
                            .Take(prompt.ImageTokens)
                    ),
            ];
        }
    }
}
