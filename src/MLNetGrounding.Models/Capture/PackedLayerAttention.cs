using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>One decoder layer's attention while an image and its questions are read.</summary>
internal sealed class PackedLayerAttention : LayerAttention
{
    // Bounds the attention that exists at a time while it is read in blocks, in elements.
    private const long BlockElements = 1 << 21;
    private const int FewestBlockRows = 16;
    private const int MostBlockRows = 128;

    private readonly PackedSequence _sequence;
    private readonly Tensor _query;
    private readonly Tensor _key;
    private readonly DisposeScope _scope;
    private readonly Tensor _hidden;
    private readonly AmplifiedTokens? _amplified;
    private readonly int _keyValueHeads;
    private readonly double _scale;
    private Tensor? _prefixKeys;
    private Tensor? _prefixProbabilities;

    public PackedLayerAttention(
        int layer,
        ModelInfo model,
        IDecoder decoder,
        PackedSequence sequence,
        LayerTensors tensors,
        MapCollector maps,
        AmplifiedTokens? amplified
    )
        : base(layer, model, sequence, maps)
    {
        _keyValueHeads = decoder.KeyValueHeads;
        _scale = decoder.AttentionScale;
        _sequence = sequence;
        _query = tensors.Query;
        _key = tensors.Key;
        _scope = tensors.Scope;
        _hidden = tensors.Hidden;
        _amplified = amplified;
    }

    /// <inheritdoc/>
    internal override bool IsOnCpu => _query.device_type == DeviceType.CPU;

    /// <inheritdoc/>
    public override int SequenceLength(int query) => _sequence.PrefixLength + _sequence.Suffixes[query].Length;

    /// <inheritdoc/>
    public override int FirstRow(int query) => 0;

    /// <inheritdoc/>
    internal override Tensor Probabilities(int query, IReadOnlyList<int>? heads = null, int firstRow = 0, int rows = -1)
    {
        RequireIndex(query, _sequence.Suffixes.Count, nameof(query));
        foreach (int head in heads ?? [])
        {
            RequireIndex(head, HeadCount, nameof(heads));
        }

        PackedSuffix suffix = _sequence.Suffixes[query];
        int prefix = _sequence.PrefixLength;
        RequireIndex(firstRow, prefix + suffix.Length, nameof(firstRow));
        int last = rows < 0 ? prefix + suffix.Length : firstRow + rows;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, prefix + suffix.Length, nameof(rows));

        // The suffix follows the prefix in every query's sequence, but not in the packed one.
        Tensor Rows(Tensor packed)
        {
            Tensor head = packed.narrow(2, 0, Math.Min(last, prefix));
            return last <= prefix ? head
                : suffix.Start == prefix ? packed.narrow(2, 0, last)
                : cat([head, packed.narrow(2, suffix.Start, last - prefix)], 2);
        }

        Tensor queries = Rows(_query).narrow(2, firstRow, last - firstRow);
        Tensor keys = Rows(_key);
        if (heads is not null)
        {
            int group = HeadCount / _keyValueHeads;
            queries = queries.index_select(1, Indices(heads));
            keys = keys.index_select(1, Indices(heads.Select(head => head / group)));
        }
        else
        {
            keys = GroupedHeads.Repeat(keys, HeadCount);
        }

        Tensor scores = matmul(queries.to(ScalarType.Float32), keys.to(ScalarType.Float32).transpose(-1, -2)).TimesInPlace(_scale);
        if (_amplified is not null && last > prefix)
        {
            int first = Math.Max(firstRow, prefix);
            scores.narrow(2, first - firstRow, last - first).PlusInPlace(Amplification(query, last, heads));
        }

        Tensor future = ones([last - firstRow, last], ScalarType.Bool, device: scores.device).triu(firstRow + 1);
        return scores.FillWhereInPlace(future, double.NegativeInfinity).softmax(-1).squeeze(0);
    }

    /// <inheritdoc/>
    internal override void ReadCausalBlocks(int[] heads, int firstRow, int rows, Action<int, Tensor> read)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor future = ones([MostBlockRows, MostBlockRows], ScalarType.Bool, device: _query.device).triu(1);
        ReadCausalScores(
            heads,
            firstRow,
            rows,
            (first, scores) =>
            {
                long length = scores.shape[1];
                scores.narrow(2, first, length).FillWhereInPlace(future.narrow(0, 0, length).narrow(1, 0, length), double.NegativeInfinity);
                read(first, scores.softmax(-1));
            }
        );
    }

    /// <inheritdoc/>
    internal override void ReadCausalScores(int[] heads, int firstRow, int rows, Action<int, Tensor> read)
    {
        using DisposeScope scope = NewDisposeScope();
        int last = firstRow + rows;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, _sequence.CausalLength, nameof(rows));
        int group = HeadCount / _keyValueHeads;
        Tensor queries = _query.narrow(2, firstRow, rows).index_select(1, Indices(heads)).to(ScalarType.Float32).squeeze(0).Times(_scale);
        Tensor keys = _key.narrow(2, 0, last)
            .index_select(1, Indices(heads.Select(head => head / group)))
            .to(ScalarType.Float32)
            .squeeze(0)
            .transpose(-1, -2);
        int blockRows = (int)Math.Clamp(BlockElements / ((long)heads.Length * last), FewestBlockRows, MostBlockRows);
        for (int first = firstRow; first < last; first += blockRows)
        {
            using DisposeScope blockScope = NewDisposeScope();
            int length = Math.Min(blockRows, last - first);
            read(first, matmul(queries.narrow(1, first - firstRow, length), keys.narrow(2, 0, first + length)));
        }
    }

    /// <inheritdoc/>
    internal override Tensor PrefixProbabilities()
    {
        if (_prefixProbabilities is null)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor rows = _query.narrow(2, 0, PrefixLength).to(ScalarType.Float32);
            Tensor scores = GroupedHeads.Scores(rows, PrefixKeys()).TimesInPlace(_scale);
            Tensor future = ones([PrefixLength, PrefixLength], ScalarType.Bool, device: scores.device).triu(1);
            _prefixProbabilities = KeepForLayer(scores.FillWhereInPlace(future, double.NegativeInfinity).softmax(-1));
        }

        return _prefixProbabilities;
    }

    /// <inheritdoc/>
    internal override Tensor SuffixProbabilities(int query)
    {
        using DisposeScope scope = NewDisposeScope();
        PackedSuffix suffix = _sequence.Suffixes[query];
        Tensor rows = _query.narrow(2, suffix.Start, suffix.Length).to(ScalarType.Float32);
        Tensor keys = _key.narrow(2, suffix.Start, suffix.Length).to(ScalarType.Float32);
        Tensor scores = cat([GroupedHeads.Scores(rows, PrefixKeys()), GroupedHeads.Scores(rows, keys)], -1).TimesInPlace(_scale);
        if (_amplified is not null)
        {
            scores.PlusInPlace(Amplification(query, PrefixLength + suffix.Length));
        }

        Tensor future = ones([suffix.Length, PrefixLength + suffix.Length], ScalarType.Bool, device: scores.device).triu(PrefixLength + 1);
        return scores.FillWhereInPlace(future, double.NegativeInfinity).softmax(-1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override Tensor PrefixStates() => _hidden[0].narrow(0, 0, PrefixLength).to(ScalarType.Float32);

    /// <inheritdoc/>
    internal override Tensor SuffixStates(int query)
    {
        PackedSuffix suffix = _sequence.Suffixes[query];
        return _hidden[0].narrow(0, suffix.Start, suffix.Length).to(ScalarType.Float32);
    }

    /// <summary>What is added to the scores of each of a query's own tokens, <c>[1, keys]</c> or <c>[heads, 1, keys]</c>.</summary>
    private Tensor Amplification(int query, int keys, IReadOnlyList<int>? heads = null)
    {
        float[] bias = new float[keys];
        _amplified!.AddTo(bias, query);
        Tensor raised = tensor(bias, [1, keys], device: _query.device);
        return _amplified.Choose(Layer, zeros_like(raised), raised, heads);
    }

    /// <summary>
    /// The shared prefix's keys in float32, <c>[1, keyValueHeads, prefix, headSize]</c>, computed once and released with the layer.
    /// </summary>
    internal Tensor PrefixKeys() => _prefixKeys ??= KeepForLayer(_key.narrow(2, 0, PrefixLength).to(ScalarType.Float32));

    private Tensor KeepForLayer(Tensor tensor)
    {
        // Float32 keys may be a view that is the model's own tensor; a detached alias can be kept in any case.
        Tensor kept = tensor.detach().DetachFromDisposeScope();
        _scope.Attach(kept);
        return kept;
    }

    private Tensor Indices(IEnumerable<int> heads) => tensor(heads.Select(head => (long)head).ToArray(), device: _query.device);
}
