using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Keys and values of each layer that the tokens of answers look back at: those of the prefix once for all questions, and each question's
/// own, side by side and aligned at their ends, so that the next token of every answer has the same column.
/// </summary>
/// <remarks>Keys are kept in float32, in which rows of attention are read; values in the type of hidden states.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    // Columns that are added when there is no room for another token.
    private const int FewestNewColumns = 32;

    private readonly LayerKeysAndValues?[] _layers;
    private readonly IReadOnlyList<PackedSuffix> _suffixes;

    public KeyValueCache(PackedSequence sequence, int layers)
    {
        _layers = new LayerKeysAndValues?[layers];
        _suffixes = sequence.Suffixes;
        PrefixLength = sequence.PrefixLength;
        Queries = [.. Enumerable.Range(0, _suffixes.Count)];
        Columns = _suffixes.Max(suffix => suffix.Length);
        Padding = [.. _suffixes.Select(suffix => Columns - suffix.Length)];
    }

    /// <summary>Number of tokens of the prefix.</summary>
    public int PrefixLength { get; }

    /// <summary>The queries whose answers go on, by index.</summary>
    public IReadOnlyList<int> Queries { get; private set; }

    /// <summary>For each of <see cref="Queries"/>, the columns before its first own token, which hold nothing.</summary>
    public IReadOnlyList<int> Padding { get; private set; }

    /// <summary>Columns of own tokens, padding included.</summary>
    public int Columns { get; private set; }

    /// <summary>The prefix's keys in float32, <c>[keyValueHeads, prefix, headSize]</c>.</summary>
    public Tensor PrefixKeys(int layer) => Layer(layer).PrefixKeys;

    /// <summary>The prefix's values, <c>[keyValueHeads, prefix, headSize]</c>.</summary>
    public Tensor PrefixValues(int layer) => Layer(layer).PrefixValues;

    /// <summary>The questions' and answers' keys in float32, <c>[queries, keyValueHeads, columns, headSize]</c>.</summary>
    public Tensor OwnKeys(int layer) => Layer(layer).OwnKeys.narrow(2, 0, Columns);

    /// <summary>The questions' and answers' values, <c>[queries, keyValueHeads, columns, headSize]</c>.</summary>
    public Tensor OwnValues(int layer) => Layer(layer).OwnValues.narrow(2, 0, Columns);

    /// <summary>Keeps a layer of the packed pass.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="key">Keys <c>[1, keyValueHeads, tokens, headSize]</c> of the packed sequence.</param>
    /// <param name="value">Values, alike.</param>
    public void Keep(int layer, Tensor key, Tensor value)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor wide = key.to(ScalarType.Float32);
        _layers[layer] = new LayerKeysAndValues(Kept(Prefix(wide)), Kept(Prefix(value)), Kept(Own(wide)), Kept(Own(value)));
    }

    /// <summary>
    /// Makes room for the next token of each answer. Its keys and values are written by <see cref="Write"/>, layer by layer.
    /// </summary>
    public void AddColumn() => Columns++;

    /// <summary>Writes the newest tokens' keys and values of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="key">Keys <c>[1, keyValueHeads, queries, headSize]</c>, a token a query.</param>
    /// <param name="value">Values, alike.</param>
    public void Write(int layer, Tensor key, Tensor value)
    {
        using DisposeScope scope = NewDisposeScope();
        LayerKeysAndValues kept = Layer(layer);
        if (kept.OwnKeys.shape[2] < Columns)
        {
            long room = Math.Max(FewestNewColumns, kept.OwnKeys.shape[2] / 2);
            kept = kept with { OwnKeys = Longer(kept.OwnKeys, room), OwnValues = Longer(kept.OwnValues, room) };
            _layers[layer] = kept;
        }

        kept.OwnKeys.narrow(2, Columns - 1, 1).copy_(key.permute(2, 1, 0, 3));
        kept.OwnValues.narrow(2, Columns - 1, 1).copy_(value.permute(2, 1, 0, 3));
    }

    /// <summary>Goes on with some of the answers.</summary>
    /// <param name="rows">Their indices into <see cref="Queries"/>, ascending.</param>
    public void Select(IReadOnlyList<int> rows)
    {
        if (rows.Count == Queries.Count)
        {
            return;
        }

        Queries = [.. rows.Select(row => Queries[row])];
        Padding = [.. rows.Select(row => Padding[row])];
        using DisposeScope scope = NewDisposeScope();
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            LayerKeysAndValues kept = Layer(layer);
            Tensor indices = tensor([.. rows.Select(row => (long)row)], device: kept.OwnKeys.device);
            _layers[layer] = kept with { OwnKeys = Selected(kept.OwnKeys), OwnValues = Selected(kept.OwnValues) };

            Tensor Selected(Tensor own)
            {
                Tensor selected = own.index_select(0, indices).DetachFromDisposeScope();
                own.Dispose();
                return selected;
            }
        }
    }

    public void Dispose()
    {
        foreach (LayerKeysAndValues? layer in _layers)
        {
            layer?.Dispose();
        }
    }

    private static Tensor Kept(Tensor tensor) => tensor.clone().contiguous().DetachFromDisposeScope();

    private static Tensor Longer(Tensor own, long room)
    {
        long[] shape = own.shape;
        Tensor longer = zeros([shape[0], shape[1], shape[2] + room, shape[3]], own.dtype, own.device);
        longer.narrow(2, 0, shape[2]).copy_(own);
        own.Dispose();
        return longer.DetachFromDisposeScope();
    }

    private LayerKeysAndValues Layer(int layer) => _layers[layer] ?? throw new InvalidOperationException($"Layer {layer} was not kept.");

    private Tensor Prefix(Tensor packed) => packed[0].narrow(1, 0, PrefixLength);

    private Tensor Own(Tensor packed)
    {
        Tensor own = zeros([_suffixes.Count, packed.shape[1], Columns, packed.shape[3]], packed.dtype, packed.device);
        foreach (PackedSuffix suffix in _suffixes)
        {
            own[suffix.Query].narrow(1, Columns - suffix.Length, suffix.Length).copy_(packed[0].narrow(1, suffix.Start, suffix.Length));
        }

        return own;
    }

    private sealed record LayerKeysAndValues(Tensor PrefixKeys, Tensor PrefixValues, Tensor OwnKeys, Tensor OwnValues) : IDisposable
    {
        public void Dispose()
        {
            PrefixKeys.Dispose();
            PrefixValues.Dispose();
            OwnKeys.Dispose();
            OwnValues.Dispose();
        }
    }
}
