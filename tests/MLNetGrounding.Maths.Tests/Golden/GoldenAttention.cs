using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Maths.Golden;

/// <summary>The stored attention of one case, cut and aggregated the slow, obvious way into what the engines take.</summary>
internal sealed class GoldenAttention(GoldenData data, string caseName)
{
    private const string DefaultFlow = "coarse_A_full_f32";

    public GoldenPrompt Prompt => data.Prompt;

    public int Grid => Prompt.Grid;

    /// <summary>The queried word's row over the visual tokens, per layer: <c>[heads, grid, grid]</c>.</summary>
    public (float[][] Layers, int Heads) Maps(int query)
    {
        (float[]? values, IReadOnlyList<int>? shape, int firstRow) = Attention(query);
        (int layers, int heads, int rows, int tokens) = (shape[0], shape[1], shape[2], shape[3]);
        float[][] maps = new float[layers][];
        for (int layer = 0; layer < layers; layer++)
        {
            maps[layer] = new float[heads * Prompt.ImageTokens];
            for (int head = 0; head < heads; head++)
            {
                int row = (layer * heads + head) * rows + Prompt.TargetPositions[query] - firstRow;
                values.AsSpan(row * tokens + Prompt.ImageStart, Prompt.ImageTokens).CopyTo(maps[layer].AsSpan(head * Prompt.ImageTokens));
            }
        }
        return (maps, heads);
    }

    /// <summary>Head selection of every layer.</summary>
    public LayerSelection[] Select(int query, HeadSelectionOptions options)
    {
        (float[][]? layers, int heads) = Maps(query);
        return [.. layers.Select(maps => LayerSelection.Of(maps, heads, Grid, Grid, options))];
    }

    /// <summary>
    /// Full flow matrices of the coarse word, <c>[layers, tokens, tokens]</c>, or null where the case holds neither the whole attention nor
    /// these very matrices.
    /// </summary>
    public float[][]? Flow(CoarseFlowOptions options)
    {
        LayerSelection[] selections = Select(Prompt.CoarseQuery, options.HeadSelection);
        if (data.HasExpected(caseName, $"q{Prompt.CoarseQuery}_attn"))
        {
            (float[]? values, IReadOnlyList<int>? shape, int _) = Attention(Prompt.CoarseQuery);
            (int heads, int area) = (shape[1], shape[2] * shape[3]);
            return
            [
                .. selections.Select(
                    (selection, layer) => Flow(values.AsSpan(layer * heads * area, heads * area), area, selection.Kept, options)
                ),
            ];
        }
        LayerSelection[] defaults = Select(Prompt.CoarseQuery, new());
        bool same =
            options.Heads == FlowHeads.KeptMaximum
            && selections.Zip(defaults).All(pair => pair.First.Kept.SequenceEqual(pair.Second.Kept))
            && (options.HeadSelection.EmptyLayer == EmptyLayer.Zero || selections.All(selection => selection.Kept.Contains(true)));
        return same ? [.. data.Method(caseName, DefaultFlow).Floats().Chunk(TokensOfCoarse * TokensOfCoarse)] : null;
    }

    /// <summary>Tokens of the coarse prompt, the image expanded.</summary>
    public int TokensOfCoarse => Prompt.ImageEnd + Prompt.Suffixes[Prompt.CoarseQuery].Length;

    /// <summary>Cuts full flow matrices to the block from the first visual token to the coarse word, and sums their uncut rows.</summary>
    public (float[] Flow, float[] RowSums, int Tokens) Cut(float[][] flow)
    {
        int position = Prompt.TargetPositions[Prompt.CoarseQuery];
        int tokens = position - Prompt.ImageStart + 1;
        float[] cut = new float[flow.Length * tokens * tokens];
        float[] rowSums = new float[flow.Length * tokens];
        for (int row = 0; row < flow.Length * tokens; row++)
        {
            Span<float> full = flow[row / tokens].AsSpan((Prompt.ImageStart + row % tokens) * TokensOfCoarse, TokensOfCoarse);
            full.Slice(Prompt.ImageStart, tokens).CopyTo(cut.AsSpan(row * tokens));
            double sum = 0.0;
            foreach (float value in full)
            {
                sum += value;
            }
            rowSums[row] = (float)sum;
        }
        return (cut, rowSums, tokens);
    }

    private static float[] Flow(ReadOnlySpan<float> heads, int area, bool[] kept, CoarseFlowOptions options)
    {
        bool all = options.Heads is FlowHeads.AllMean or FlowHeads.AllMaximum;
        bool mean = options.Heads is FlowHeads.AllMean or FlowHeads.KeptMean;
        if (!all && !kept.Contains(true))
        {
            if (options.HeadSelection.EmptyLayer == EmptyLayer.Zero)
            {
                return new float[area];
            }
            (all, mean) = (true, true);
        }
        int[] chosen = Enumerable.Range(0, kept.Length).Where(head => all || kept[head]).ToArray();
        float[] flow = new float[area];
        for (int element = 0; element < area; element++)
        {
            (double sum, float maximum) = (0.0, 0f);
            foreach (int head in chosen)
            {
                sum += heads[head * area + element];
                maximum = Math.Max(maximum, heads[head * area + element]);
            }
            flow[element] = mean ? (float)(sum / chosen.Length) : maximum;
        }
        return flow;
    }

    private (float[] Values, IReadOnlyList<int> Shape, int FirstRow) Attention(int query)
    {
        bool whole = data.HasExpected(caseName, $"q{query}_attn");
        NpyFile file = data.Expected(caseName, whole ? $"q{query}_attn" : $"q{query}_attn_suffix");
        return (file.Floats(), file.Shape, whole ? 0 : Prompt.ImageEnd);
    }
}
