using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Generation;

/// <summary>One decoder layer's attention of the newest token of each answer that goes on.</summary>
internal sealed class AnswerLayerAttention : LayerAttention
{
    private readonly Tensor _probabilities;
    private readonly IReadOnlyList<int> _padding;
    private readonly int _columns;
    private readonly MapCollector _maps;
    private float[]? _sums;
    private bool _hasMaps;

    /// <param name="layer">The layer.</param>
    /// <param name="model">The model.</param>
    /// <param name="sequence">Where the image's tokens are.</param>
    /// <param name="maps">The tokens' maps.</param>
    /// <param name="probabilities">Attention to the prefix and to own columns, <c>[heads, queries, prefix + columns]</c>.</param>
    /// <param name="padding">For each query the own columns that hold nothing, the first ones.</param>
    public AnswerLayerAttention(
        int layer,
        ModelInfo model,
        PackedSequence sequence,
        MapCollector maps,
        Tensor probabilities,
        IReadOnlyList<int> padding
    )
        : base(layer, model, sequence, maps)
    {
        _probabilities = probabilities;
        _padding = padding;
        _maps = maps;
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
    internal override ReadOnlySpan<float> Maps(int query, int set)
    {
        if (!_hasMaps)
        {
            _hasMaps = true;
            float[] rows = _probabilities.narrow(2, ImageStart, VisualTokens).ToFloats();
            int cells = Layout.Grid.Cells;
            for (int row = 0; row < _padding.Count; row++)
            {
                Span<float> map = _maps.Map(Layer, row, set: 0);
                for (int head = 0; head < HeadCount; head++)
                {
                    Layout.Apply(rows.AsSpan(((head * _padding.Count) + row) * VisualTokens, VisualTokens), map.Slice(head * cells, cells));
                }
            }
        }

        return base.Maps(query, set);
    }

    /// <inheritdoc/>
    internal override void AddMapsTo(int query, Span<double> sums)
    {
        // Layouts are linear: heads are summed before anything leaves the device.
        _sums ??= Layout.Apply(_probabilities.narrow(2, ImageStart, VisualTokens).sum([0]).ToFloats());
        for (int cell = 0; cell < sums.Length; cell++)
        {
            sums[cell] += _sums[(query * sums.Length) + cell];
        }
    }

    /// <inheritdoc/>
    internal override Tensor SuffixProbabilities(int query)
    {
        Tensor row = _probabilities.narrow(1, query, 1);
        int padding = _padding[query];
        return padding == 0 ? row : cat([row.narrow(2, 0, PrefixLength), row.narrow(2, PrefixLength + padding, _columns - padding)], 2);
    }
}
