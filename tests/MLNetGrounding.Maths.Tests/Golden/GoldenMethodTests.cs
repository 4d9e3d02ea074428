using System.Text.Json;
using MLNetGrounding.Maths.Aggregation;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Golden;

/// <summary>Fed the attention of Hugging Face's code, every step equals the method's plain float64 statement.</summary>
[TestClass]
public sealed class GoldenMethodTests
{
    // Of the largest value of what is compared.
    private const double Tolerance = 1e-5;
    private static readonly double[] Thresholds = [0.05, 0.1, 0.2, 0.3, 0.5];

    public TestContext TestContext { get; set; } = null!;

    private static IEnumerable<(GoldenData Data, string Case)> CasesOf(string name)
    {
        GoldenData data = name == "tiny-a" ? GoldenData.TinyA : GoldenData.TinyC;
        Assert.AreNotEqual(0, data.MethodCases.Count);
        return data.MethodCases.Select(caseName => (data, caseName));
    }

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void HeadSelectionOfTheCoarseWord(string name)
    {
        foreach ((GoldenData? data, string? caseName) in CasesOf(name))
        {
            LayerSelection[] selections = new GoldenAttention(data, caseName).Select(data.Prompt.CoarseQuery, new());
            AssertClose(data, caseName, "coarse_entropy", selections.SelectMany(selection => selection.Entropy));
            AssertClose(data, caseName, "coarse_compactness", selections.SelectMany(selection => selection.Compactness));
            AssertClose(data, caseName, "A_coarse", selections.SelectMany(selection => selection.LayerMap).Select(value => (double)value));
            CollectionAssert.AreEqual(
                data.Method(caseName, "coarse_selected").Booleans(),
                selections.SelectMany(selection => selection.Kept).ToArray()
            );
        }
    }

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void HeadSelectionOfTheFineWords(string name)
    {
        foreach ((GoldenData? data, string? caseName) in CasesOf(name))
        {
            var attention = new GoldenAttention(data, caseName);
            LayerSelection[] selections = data.Prompt.FineQueries.SelectMany(query => attention.Select(query, new())).ToArray();
            AssertClose(data, caseName, "fine_entropy", selections.SelectMany(selection => selection.Entropy));
            AssertClose(data, caseName, "fine_compactness", selections.SelectMany(selection => selection.Compactness));
            AssertClose(
                data,
                caseName,
                "fine_A_fine",
                selections.SelectMany(selection => selection.LayerMap).Select(value => (double)value)
            );
            CollectionAssert.AreEqual(
                data.Method(caseName, "fine_selected").Booleans(),
                selections.SelectMany(selection => selection.Kept).ToArray()
            );
        }
    }

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void RolloutOfTheCoarseWord(string name)
    {
        foreach ((GoldenData? data, string? caseName) in CasesOf(name))
        {
            var attention = new GoldenAttention(data, caseName);
            float[][] flow = attention.Flow(new())!;
            float[] mask = Mask(attention, Reading.Default)!;
            if (data.HasMethod(caseName, "coarse_A_full"))
            {
                AssertClose(data, caseName, "coarse_A_full", flow.SelectMany(layer => layer).Select(value => (double)value));
                double[][,] matrices = MatrixRollout.Matrices(
                    [.. flow.SelectMany(layer => layer).Select(value => (double)value)],
                    flow.Length,
                    attention.TokensOfCoarse
                );
                AssertClose(data, caseName, "rollout_full", MatrixRollout.Product(matrices, new()).Cast<double>());
            }
            double[] row = data.Method(caseName, "rollout_row_coarse")
                .Doubles()
                .AsSpan(data.Prompt.ImageStart, data.Prompt.ImageTokens)
                .ToArray();
            AssertClose(MatrixRollout.ScaledToMaximumOne(row), [.. mask.Select(value => (double)value)], $"{caseName} rollout_row_coarse");
            AssertClose(
                MatrixRollout.ScaledToMaximumOne(data.Method(caseName, "R_map").Doubles()),
                [.. mask.Select(value => (double)value)],
                $"{caseName} R_map"
            );
        }
    }

    [TestMethod]
    [DataRow("tiny-a")]
    [DataRow("tiny-c")]
    public void WeightsFinalMapsRegionsAndScores(string name)
    {
        foreach ((GoldenData? data, string? caseName) in CasesOf(name))
        {
            var attention = new GoldenAttention(data, caseName);
            float[] mask = Mask(attention, Reading.Default)!;
            var finals = new List<float[]>();
            var weights = new List<double>();
            foreach (int query in data.Prompt.FineQueries)
            {
                LayerSelection[] selections = attention.Select(query, new());
                finals.Add(Final(selections, mask, new()));
                // One layer at a time: the final map over the layer map is the weight.
                foreach (LayerSelection selection in selections)
                {
                    float[] product = Final([selection], mask, new());
                    weights.AddRange(
                        product.Select((value, cell) => selection.LayerMap[cell] > 0 ? value / (double)selection.LayerMap[cell] : 0)
                    );
                }
            }
            AssertClose(data, caseName, "fine_W", weights);
            AssertClose(data, caseName, "fine_final", finals.SelectMany(map => map).Select(value => (double)value));

            bool[][] regions = finals.Select(map => Threshold(map, 0.05)).ToArray();
            CollectionAssert.AreEqual(data.Method(caseName, "fine_region").Booleans(), regions.SelectMany(region => region).ToArray());
            AssertSummary(data, caseName, finals, regions);
        }
    }

    [TestMethod]
    [DataRow("tiny-a", 21)]
    [DataRow("tiny-c", 13)]
    public void EveryAlternativeReading(string name, int leastReadings)
    {
        foreach ((GoldenData? data, string? caseName) in CasesOf(name))
        {
            var attention = new GoldenAttention(data, caseName);
            int query = data.Prompt.FineQueries[0];
            JsonElement summary = data.Summary(caseName).GetProperty("alternatives_q1[corr with default, region fraction, heads selected]");
            Assert.AreEqual(summary.EnumerateObject().Count(), Reading.All.Count);
            int checkedReadings = 0;
            foreach ((string? readingName, Reading? reading) in Reading.All)
            {
                if (Mask(attention, reading) is not { } mask)
                {
                    TestContext.WriteLine($"{name} {caseName} {readingName}: needs attention that is not stored.");
                    continue;
                }
                LayerSelection[] selections = attention.Select(query, reading.Heads);
                float[] final = Final(selections, mask, reading.Aggregation);
                AssertClose(data, caseName, $"alt_final_q1__{readingName}", final.Select(value => (double)value));
                JsonElement numbers = summary.GetProperty(readingName);
                Assert.AreEqual(numbers[2].GetInt32(), selections.Sum(selection => selection.Kept.Count(kept => kept)), readingName);
                Assert.AreEqual(numbers[1].GetDouble(), Threshold(final, 0.05).Average(cell => cell ? 1.0 : 0), 1e-4, readingName);
                checkedReadings++;
            }
            Assert.IsGreaterThanOrEqualTo(leastReadings, checkedReadings);
        }
    }

    private static void AssertSummary(GoldenData data, string caseName, List<float[]> finals, bool[][] regions)
    {
        JsonElement summary = data.Summary(caseName);
        int grid = data.Prompt.Grid;
        // Key points are given on the square that the model saw, so that square stands for the image.
        const int Size = 1000;
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Crop, Size, Size, Size, grid);
        float[] fractions = new float[grid * grid];
        geometry.FrameFractions(fractions);
        float[] points = summary
            .GetProperty("keypoints_xy01")
            .EnumerateArray()
            .SelectMany(point => point.EnumerateArray())
            .Select(coordinate => (float)(coordinate.GetDouble() * Size))
            .ToArray();
        float[] visible = Enumerable.Repeat(1f, points.Length / 2).ToArray();
        int[] indices = [.. Enumerable.Range(0, points.Length / 2)];
        for (int query = 0; query < finals.Count; query++)
        {
            JsonElement expected = summary.GetProperty("mPIR_default")[query];
            RegionScore score = PointInRegion.Score(regions[query], geometry, fractions, points, visible, indices)!.Value;
            Assert.AreEqual(expected[0].GetDouble(), score.Mpir, 1e-9);
            Assert.AreEqual(expected[1].GetDouble(), score.Area, 1e-12);
            Assert.AreEqual(expected[2].GetDouble() == 1, score.Hit);
            foreach (double threshold in Thresholds)
            {
                string text = threshold.ToString(System.Globalization.CultureInfo.InvariantCulture);
                double area = summary.GetProperty("area_by_region_thr").GetProperty(text)[query].GetDouble();
                Assert.AreEqual(
                    area,
                    Threshold(finals[query], threshold).Average(cell => cell ? 1.0 : 0),
                    1e-4,
                    $"{caseName} query {query} at {text}"
                );
            }
        }
    }

    private static float[]? Mask(GoldenAttention attention, Reading reading)
    {
        float[] mask = new float[attention.Prompt.ImageTokens];
        if (reading.Rollout.Form != RolloutForm.Tokens)
        {
            float[] layerMaps = attention
                .Select(attention.Prompt.CoarseQuery, reading.Heads)
                .SelectMany(selection => selection.LayerMap)
                .ToArray();
            CoarseRollout.SpatialMask(layerMaps, layerMaps.Length / mask.Length, attention.Grid, attention.Grid, reading.Rollout, mask);
            return mask;
        }
        if (attention.Flow(new() { Heads = reading.FlowHeads, HeadSelection = reading.Heads }) is not { } full)
        {
            return null;
        }
        (float[]? flow, float[]? rowSums, int tokens) = attention.Cut(full);
        CoarseRollout.TokenMask(flow, rowSums, full.Length, tokens, [tokens - 1], reading.Rollout, mask);
        return mask;
    }

    private static float[] Final(LayerSelection[] selections, float[] mask, AggregationOptions options)
    {
        float[] final = new float[mask.Length];
        HierarchicalAggregation.Aggregate(
            selections.SelectMany(selection => selection.LayerMap).ToArray(),
            mask,
            selections.Length,
            options,
            final
        );
        return final;
    }

    private static bool[] Threshold(float[] map, double threshold)
    {
        bool[] region = new bool[map.Length];
        Region.Threshold(map, threshold, region);
        return region;
    }

    private void AssertClose(GoldenData data, string caseName, string array, IEnumerable<double> actual) =>
        AssertClose(data.Method(caseName, array).Doubles(), [.. actual], $"{caseName} {array}");

    private void AssertClose(double[] expected, double[] actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        double scale = Math.Max(expected.Max(Math.Abs), double.Epsilon);
        double error = expected.Zip(actual, (wanted, got) => Math.Abs(wanted - got)).Max() / scale;
        TestContext.WriteLine($"{what}: largest error {error:e1} of the maximum");
        Assert.IsLessThanOrEqualTo(Tolerance, error, what);
    }
}
