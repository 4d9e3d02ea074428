using System.Buffers;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Builds the coarse query's flow matrix of each layer: which heads count is decided from the coarse row, then only theirs are computed.
/// </summary>
/// <remarks>Paper, section 3.2.1. A layer whose coarse attention is not finite gets NaN, because no head of it can be judged.</remarks>
internal sealed class CoarseFlowRecorder
{
    private readonly CoarseFlowOptions _options;
    private readonly int _query;
    private readonly int _tokens;

    /// <summary>Records into arrays of any content that are at least as long as the matrices and their row sums.</summary>
    public CoarseFlowRecorder(PreparedPrompt prompt, CoarseFlowOptions options, float[] flow, float[] rowSums)
    {
        _options = options;
        _query = prompt.CoarseIndex;
        _tokens = prompt.FlowTokens;
        Flow = flow;
        RowSums = rowSums;
    }

    /// <summary>The matrices, <c>[layers, m, m]</c>.</summary>
    public float[] Flow { get; }

    /// <summary>Sums of the matrices' uncut rows, <c>[layers, m]</c>.</summary>
    public float[] RowSums { get; }

    public static CoarseFlowRecorder Begin(PreparedPrompt prompt, CoarseFlowOptions options, ModelInfo model, CaptureMemory memory) =>
        new(prompt, options, memory.Take(prompt.FlowLength(model.Layers)), memory.Take(model.Layers * prompt.FlowTokens));

    /// <summary>Records a layer.</summary>
    public void Observe(LayerAttention attention) => Observe(attention, onDevice: !attention.IsOnCpu);

    /// <summary>Records a layer.</summary>
    /// <param name="attention">The layer.</param>
    /// <param name="onDevice">Whether heads are joined on the model's device, so that one matrix leaves it instead of every head's.</param>
    internal void Observe(LayerAttention attention, bool onDevice)
    {
        if (!Numbers.AreAttention(attention.Maps(_query)))
        {
            FillLayer(attention.Layer, float.NaN);
            return;
        }

        int[] heads = ContributingHeads(attention, out bool mean);
        if (heads.Length == 0)
        {
            FillLayer(attention.Layer, 0);
        }
        else if (onDevice)
        {
            attention.ReadCausalBlocks(
                heads,
                attention.ImageStart,
                _tokens,
                (first, probabilities) => TakeRows(attention, first, probabilities, mean)
            );
        }
        else
        {
            attention.ReadCausalScores(heads, attention.ImageStart, _tokens, (first, scores) => JoinRows(attention, first, scores, mean));
        }
    }

    /// <summary>Joins a block's heads where their scores are, in one pass that leaves nothing but the flow.</summary>
    private void JoinRows(LayerAttention attention, int first, Tensor scores, bool mean)
    {
        (int heads, int rows, int keys) = ((int)scores.shape[0], (int)scores.shape[1], (int)scores.shape[2]);
        Span<float> values = scores.Floats();
        float[] joined = ArrayPool<float>.Shared.Rent(keys);
        for (int row = 0; row < rows; row++)
        {
            Span<float> seen = joined.AsSpan(0, first + row + 1);
            FlowRow.Join(values[(row * keys)..], heads, rows * keys, mean, seen);
            SetRow(attention.Layer, first - attention.ImageStart + row, seen[attention.ImageStart..], Numbers.Sum(seen));
        }

        ArrayPool<float>.Shared.Return(joined);
        GC.KeepAlive(scores);
    }

    /// <summary>Joins a block's heads on the device and takes the rows from there.</summary>
    private void TakeRows(LayerAttention attention, int first, Tensor probabilities, bool mean)
    {
        Tensor block = mean ? probabilities.mean([0]) : probabilities.amax([0]);
        float[] sums = block.sum([-1]).ToFloats();
        int firstRow = first - attention.ImageStart;
        int keys = firstRow + sums.Length;
        float[] values = block.narrow(1, attention.ImageStart, keys).ToFloats();
        for (int row = 0; row < sums.Length; row++)
        {
            SetRow(attention.Layer, firstRow + row, values.AsSpan(row * keys, firstRow + row + 1), sums[row]);
        }
    }

    private void SetRow(int layer, int row, ReadOnlySpan<float> seen, double sum)
    {
        int place = (layer * _tokens) + row;
        Span<float> values = Flow.AsSpan(place * _tokens, _tokens);
        seen.CopyTo(values);
        values[seen.Length..].Clear();
        RowSums[place] = (float)sum;
    }

    private void FillLayer(int layer, float value)
    {
        Flow.AsSpan(layer * _tokens * _tokens, _tokens * _tokens).Fill(value);
        RowSums.AsSpan(layer * _tokens, _tokens).Fill(value);
    }

    private int[] ContributingHeads(LayerAttention attention, out bool mean)
    {
        int heads = attention.HeadCount;
        MapGrid grid = attention.Layout.Grid;
        mean = _options.Heads is FlowHeads.KeptMean or FlowHeads.AllMean;
        int[] all = [.. Enumerable.Range(0, heads)];
        if (_options.Heads is FlowHeads.AllMean or FlowHeads.AllMaximum)
        {
            return all;
        }

        bool[] kept = new bool[heads];
        HeadSelection.Select(attention.Maps(_query), heads, grid.Height, grid.Width, _options.HeadSelection, [], kept, [], []);
        int[] contributing = [.. all.Where(head => kept[head])];
        if (contributing.Length == 0 && _options.HeadSelection.EmptyLayer == EmptyLayer.MeanOfAllHeads)
        {
            mean = true;
            return all;
        }

        return contributing;
    }
}
