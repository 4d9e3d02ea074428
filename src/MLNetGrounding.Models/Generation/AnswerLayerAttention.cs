using MLNetGrounding.Models.Capture;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Generation;

/// <summary>One decoder layer's attention of the newest token of each answer that goes on.</summary>
internal sealed class AnswerLayerAttention : LayerAttention
{
    private readonly Tensor _probabilities;
    private readonly IReadOnlyList<int> _padding;
    private readonly int _columns;

    /// <param name="layer">The layer.</param>
    /// <param name="model">The model.</param>
    /// <param name="sequence">Where the image's tokens are.</param>
    /// <param name="maps">The tokens' maps.</param>
    /// <param name="probabilities">Attention to the prefix and to own columns, <c>[heads, queries, prefix + columns]</c>.</param>
    /// <param name="padding">For each query the own columns that hold nothing, the first ones.</param>
    public AnswerLayerAttention(int layer, ModelInfo model, PackedSequence sequence, MapCollector maps, Tensor probabilities, IReadOnlyList<int> padding)
        : base(layer, model, sequence, maps)
    {
        _probabilities = probabilities;
        _padding = padding;
        _columns = (int)probabilities.shape[2] - sequence.PrefixLength;
    }

    /// <inheritdoc/>
    internal override bool IsOnCpu => _probabilities.device_type == TorchSharp.DeviceType.CPU;

    /// <inheritdoc/>
    public override int SequenceLength(int query) => PrefixLength + _columns - _padding[query];

    /// <inheritdoc/>
    public override int FirstRow(int query) => SequenceLength(query) - 1;

    /// <inheritdoc/>
    internal override Tensor Probabilities(int query, IReadOnlyList<int>? heads = null, int firstRow = 0, int rows = -1)
    {
        RequireIndex(query, _padding.Count, nameof(query));
        foreach (int head in heads ?? [])
        {
            RequireIndex(head, HeadCount, nameof(heads));
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(firstRow, FirstRow(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, 1);
        Tensor row = SuffixProbabilities(query);
        return heads is null ? row : row.index_select(0, tensor([.. heads.Select(head => (long)head)], device: row.device));
    }

    /// <inheritdoc/>
    internal override Tensor SuffixProbabilities(int query)
    {
        Tensor row = _probabilities.narrow(1, query, 1);
        int padding = _padding[query];
        return padding == 0 ? row : cat([row.narrow(2, 0, PrefixLength), row.narrow(2, PrefixLength + padding, _columns - padding)], 2);
    }
}
