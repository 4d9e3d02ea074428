using MLNetGrounding.Maths;
using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Builds the coarse query's flow matrix of each layer: which heads count is decided from the coarse row, then only theirs are computed.</summary>
/// <remarks>Paper, section 3.2.1. The result holds the matrices <c>[layers, m, m]</c>; <see cref="RowSums"/> the sums of their uncut rows <c>[layers, m]</c>.</remarks>
internal sealed class CoarseFlowRecorder : ILayerRecorder
{
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

        int start = attention.ImageStart;
        attention.ReadCausalBlocks(heads, start, _tokens, (first, probabilities) =>
        {
            Tensor block = mean ? probabilities.mean([0]) : probabilities.amax([0]);
            int rows = (int)block.shape[0];
            int row = attention.Layer * _tokens + first - start;
            block.sum([-1]).CopyTo(RowSums.AsSpan(row));
            int visible = first - start + rows;
            float[] values = block.narrow(1, start, visible).ToFloats();
            for (int line = 0; line < rows; line++)
            {
                values.AsSpan(line * visible, visible).CopyTo(_flow.AsSpan((row + line) * _tokens));
            }
        });
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
        HeadSelection.Select(attention.Maps(_query), heads, grid, grid, _options.HeadSelection, [], kept, [], []);
        int[] contributing = [.. all.Where(head => kept[head])];
        if (contributing.Length == 0 && _options.HeadSelection.EmptyLayer == EmptyLayer.MeanOfAllHeads)
        {
            mean = true;
            return all;
        }

        return contributing;
    }
}
