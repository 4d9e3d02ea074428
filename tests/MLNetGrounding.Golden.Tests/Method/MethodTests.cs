using MLNetGrounding.Golden.Models;
using MLNetGrounding.Golden.Peers;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Maths.Aggregation;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Method;

/// <summary>The paper's method on stored attention, against a plain statement of it.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class MethodTests
{
    private const double MapLimit = 1e-6;
    private const double RegionThreshold = 0.05;

    public static IEnumerable<object[]> Models => GoldenFolders.Folders("", "prompt.json").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void MapsOfStoredAttentionAreThePlainMethods(string folder)
    {
        GoldenModel golden = new(folder);
        GoldenModelCase[] cases = golden.IsBuilt ? [.. golden.Cases.Where(each => each.Method("coarse_mask") is not null)] : [];
        if (cases.Length == 0)
        {
            Assert.Inconclusive($"{folder} has no maps of the method, or its family is not built.");
        }

        List<string> failures = [];
        foreach (GoldenModelCase each in cases)
        {
            GoldenCase result = new(folder, each.Name);
            try
            {
                result.Run(() => Check(each, result));
                result.Complete();
            }
            catch (AssertFailedException exception)
            {
                failures.Add($"{each.Name}: {exception.Message}");
            }
        }

        Assert.IsEmpty(failures, string.Join(Environment.NewLine, failures));
    }

    private static void Check(GoldenModelCase each, GoldenCase result)
    {
        GoldenQuery coarse = each.Queries[0];
        NpyFile whole = each.Expected("q0_attn")!;
        (int layers, int heads, int tokens) = (whole.Shape[0], whole.Shape[1], whole.Shape[2]);
        int[] sides = [.. each.Settings.GetProperty("grid").EnumerateArray().Select(side => side.GetInt32())];
        MapGrid grid = new(sides[0], sides[1]);
        int cells = grid.Cells;
        int start = FirstCell(coarse, cells);

        float[] attention = whole.Floats();
        float[] flow = new float[layers * tokens * tokens];
        for (int layer = 0; layer < layers; layer++)
        {
            bool[] kept = new bool[heads];
            float[] maps = Maps(
                attention.AsSpan(layer * heads * tokens * tokens, heads * tokens * tokens),
                heads,
                tokens,
                tokens,
                coarse.WordPositions,
                start,
                cells
            );
            HeadSelection.Select(maps, heads, grid.Height, grid.Width, new HeadSelectionOptions(), [], kept, [], []);
            for (int head = 0; head < heads; head++)
            {
                for (int element = 0; element < tokens * tokens && kept[head]; element++)
                {
                    ref float largest = ref flow[(layer * tokens * tokens) + element];
                    largest = Math.Max(largest, attention[(((layer * heads) + head) * tokens * tokens) + element]);
                }
            }
        }

        result.Close("coarse_flow", each.Method("coarse_flow")!.Floats(), flow, MapLimit);
        float[] mask = Mask(flow, layers, tokens, start, cells, coarse.WordPositions);
        result.Close("coarse_mask", each.Method("coarse_mask")!.Floats(), mask, MapLimit);
        if (each.Method("q0_vlsam_map") is { } flowing)
        {
            StoredAttention stored = new(whole, coarse.InputIds, start, grid, coarse.WordPositions);
            TokenFlowOptions vlSam = new()
            {
                Heads = HeadWeighting.LargestKey,
                Form = TokenFlowForm.Accumulated,
                Regularizer = CausalRegularizer.EveryStep,
            };
            result.Close(
                "q0_vlsam_map",
                flowing.Floats(),
                stored.Observe(new TokenFlowObserver(vlSam, QueryRow.WordMean, TokenFlowRoles.Fine)),
                MapLimit
            );
        }

        for (int query = 1; each.Method($"q{query}_final") is not null; query++)
        {
            Fine(each, query, grid, mask, result);
        }
    }

    /// <summary>The token that shows the first cell: a class token may stand before it, to which nothing of the image flows back.</summary>
    private static int FirstCell(GoldenQuery query, int cells)
    {
        (int start, int end) = query.ImagePositions.Single();
        Assert.IsGreaterThanOrEqualTo(start, end - cells);
        return end - cells;
    }

    private static void Fine(GoldenModelCase each, int query, MapGrid grid, float[] mask, GoldenCase result)
    {
        GoldenQuery asked = each.Queries[query];
        NpyFile suffix = each.Expected($"q{query}_attn_suffix")!;
        (int layers, int heads, int rows, int keys) = (suffix.Shape[0], suffix.Shape[1], suffix.Shape[2], suffix.Shape[3]);
        float[] attention = suffix.Floats();
        float[] layerMaps = new float[layers * grid.Cells];
        bool[] kept = new bool[layers * heads];
        double[] entropy = new double[layers * heads];
        double[] compactness = new double[layers * heads];
        for (int layer = 0; layer < layers; layer++)
        {
            float[] maps = Maps(
                attention.AsSpan(layer * heads * rows * keys, heads * rows * keys),
                heads,
                rows,
                keys,
                [.. asked.WordPositions.Select(position => position - asked.SuffixStart)],
                FirstCell(asked, grid.Cells),
                grid.Cells
            );
            HeadSelection.Select(
                maps,
                heads,
                grid.Height,
                grid.Width,
                new HeadSelectionOptions(),
                layerMaps.AsSpan(layer * grid.Cells, grid.Cells),
                kept.AsSpan(layer * heads, heads),
                entropy.AsSpan(layer * heads, heads),
                compactness.AsSpan(layer * heads, heads)
            );
        }

        float[] final = new float[grid.Cells];
        HierarchicalAggregation.Aggregate(layerMaps, mask, layers, new AggregationOptions(), final);
        bool[] region = new bool[grid.Cells];
        Region.Threshold(final, RegionThreshold, region);
        string name = $"q{query}_";
        result.Close(name + "A_fine", each.Method(name + "A_fine")!.Floats(), layerMaps, MapLimit);
        result.Close(name + "entropy", each.Method(name + "entropy")!.Floats(), Array.ConvertAll(entropy, value => (float)value), MapLimit);
        result.Close(
            name + "compactness",
            each.Method(name + "compactness")!.Floats(),
            Array.ConvertAll(compactness, value => (float)value),
            MapLimit
        );
        result.Equal(name + "selected", each.Method(name + "selected")!.Booleans(), kept);
        result.Close(name + "final", each.Method(name + "final")!.Floats(), final, MapLimit);
        result.Equal(name + "region", each.Method(name + "region")!.Booleans(), region);
    }

    /// <summary>The mean of the word's rows over the visual tokens, <c>[heads, cells]</c>.</summary>
    private static float[] Maps(
        ReadOnlySpan<float> attention,
        int heads,
        int rows,
        int keys,
        IReadOnlyList<int> word,
        int imageStart,
        int cells
    )
    {
        float[] maps = new float[heads * cells];
        for (int head = 0; head < heads; head++)
        {
            for (int cell = 0; cell < cells; cell++)
            {
                double sum = 0;
                foreach (int row in word)
                {
                    sum += attention[(((head * rows) + row) * keys) + imageStart + cell];
                }

                maps[(head * cells) + cell] = (float)(sum / word.Count);
            }
        }

        return maps;
    }

    /// <summary>The rollout over the block from the first visual token to the word's last token.</summary>
    private static float[] Mask(float[] flow, int layers, int tokens, int start, int cells, IReadOnlyList<int> word)
    {
        int m = word[^1] + 1 - start;
        float[] cut = new float[layers * m * m];
        float[] sums = new float[layers * m];
        for (int layer = 0; layer < layers; layer++)
        {
            for (int row = 0; row < m; row++)
            {
                ReadOnlySpan<float> line = flow.AsSpan((((layer * tokens) + start + row) * tokens), tokens);
                line.Slice(start, m).CopyTo(cut.AsSpan(((layer * m) + row) * m, m));
                double sum = 0;
                foreach (float value in line)
                {
                    sum += value;
                }

                sums[(layer * m) + row] = (float)sum;
            }
        }

        float[] mask = new float[cells];
        CoarseRollout.TokenMask(cut, sums, layers, m, [.. word.Select(position => position - start)], new RolloutOptions(), mask);
        return mask;
    }
}
