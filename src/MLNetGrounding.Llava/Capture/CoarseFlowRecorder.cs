using MLNetGrounding.Maths;
using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Builds the coarse query's flow matrix of each layer: which heads count is decided from the coarse row, then only theirs are computed.</summary>
/// <remarks>Paper, section 3.2.1. The result holds the matrices <c>[layers, m, m]</c>; <see cref="RowSums"/> the sums of their uncut rows <c>[layers, m]</c>.</remarks>
internal sealed class CoarseFlowRecorder : ILayerRecorder
{
    // Bounds the attention matrices that exist at a time.
    private const int HeadsAtATime = 8;

    private readonly CoarseFlowOptions _options;
    private readonly int _query;
    private readonly int _tokens;
    private readonly float[] _flow;

    public CoarseFlowRecorder(PreparedPrompt prompt, CoarseFlowOptions options, LlavaConfiguration configuration)
    {
        _options = options;
        _query = prompt.CoarseIndex;
        _tokens = prompt.FlowTokens;
        _flow = new float[configuration.TextLayers * _tokens * _tokens];
        RowSums = new float[configuration.TextLayers * _tokens];
    }

    public float[] RowSums { get; }

    public void Observe(LayerAttention attention)
    {
        int[] heads = ContributingHeads(attention, out bool mean);
        if (heads.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Tensor matrix = Aggregate(attention, heads, mean);
        matrix.narrow(1, attention.ImageStart, _tokens).CopyTo(_flow.AsSpan(attention.Layer * _tokens * _tokens));
        matrix.sum(-1).CopyTo(RowSums.AsSpan(attention.Layer * _tokens));
    }

    public float[] Complete() => _flow;

    private int[] ContributingHeads(LayerAttention attention, out bool mean)
    {
        int heads = attention.HeadCount;
        int grid = (int)Math.Round(Math.Sqrt(attention.VisualTokens));
        mean = _options.Heads is FlowHeads.KeptMean or FlowHeads.AllMean;
        int[] all = [.. Enumerable.Range(0, heads)];
        if (_options.Heads is FlowHeads.AllMean or FlowHeads.AllMaximum)
        {
            return all;
        }

        bool[] kept = new bool[heads];
        HeadSelection.Select(attention.Maps(_query), heads, grid, grid, _options.HeadSelection, new float[attention.VisualTokens], kept, new double[heads], new double[heads]);
        int[] contributing = [.. all.Where(head => kept[head])];
        if (contributing.Length == 0 && _options.HeadSelection.EmptyLayer == EmptyLayer.MeanOfAllHeads)
        {
            mean = true;
            return all;
        }

        return contributing;
    }

    /// <summary>Maximum or mean over heads of the attention <c>[m, imageStart + m]</c> of the tokens from the first visual one on.</summary>
    private Tensor Aggregate(LayerAttention attention, int[] heads, bool mean)
    {
        Tensor? total = null;
        foreach (int[] group in heads.Chunk(HeadsAtATime))
        {
            using var scope = NewDisposeScope();
            Tensor probabilities = attention.Probabilities(_query, group, attention.ImageStart, _tokens);
            Tensor part = mean ? probabilities.sum([0]) : probabilities.amax([0]);
            total = (total is null ? part : mean ? total.PlusInPlace(part) : maximum(total, part)).MoveToOuterDisposeScope();
        }

        return mean ? total!.TimesInPlace(1.0 / heads.Length) : total!;
    }
}
