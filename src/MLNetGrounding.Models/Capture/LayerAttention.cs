using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding;

/// <summary>The attention of one decoder layer for one picture and all queries, computed as far as it is asked for.</summary>
/// <remarks>
/// Query–key products and softmax are float32 whatever the weights' type. Each query's sequence is the shared prefix (with the picture)
/// followed by the query's own tokens; attention is causal.
/// </remarks>
public sealed class LayerAttention
{
    // Bounds the attention that exists at a time while it is read in blocks, in elements.
    private const long BlockElements = 1 << 21;
    private const int FewestBlockRows = 16;
    private const int MostBlockRows = 128;

    private readonly PackedSequence _sequence;
    private readonly Tensor _query;
    private readonly Tensor _key;
    private readonly MapCollector _maps;
    private readonly DisposeScope _scope;
    private readonly Tensor _hidden;
    private readonly AmplifiedTokens? _amplified;
    private readonly int _keyValueHeads;
    private readonly double _scale;
    private Tensor? _prefixKeys;
    private Tensor? _prefixProbabilities;

    internal LayerAttention(
        int layer,
        ModelInfo model,
        IDecoder decoder,
        PackedSequence sequence,
        Tensor query,
        Tensor key,
        MapCollector maps,
        DisposeScope scope,
        Tensor hidden,
        AmplifiedTokens? amplified)
    {
        Layer = layer;
        LayerCount = model.Layers;
        HeadCount = model.Heads;
        _keyValueHeads = decoder.KeyValueHeads;
        _scale = decoder.AttentionScale;
        _sequence = sequence;
        _query = query;
        _key = key;
        _maps = maps;
        _scope = scope;
        _hidden = hidden;
        _amplified = amplified;
    }

    /// <summary>Number of this layer, from 0.</summary>
    public int Layer { get; }

    /// <summary>Number of layers, L.</summary>
    public int LayerCount { get; }

    /// <summary>Number of heads, H.</summary>
    public int HeadCount { get; }

    /// <summary>Position of the first visual token in every query's sequence.</summary>
    public int ImageStart => _sequence.ImageStart;

    /// <summary>Number of tokens that stand for the image, V: from the first visual token to the last, with the markers between them.</summary>
    public int VisualTokens => _sequence.VisualTokens;

    /// <summary>What each of them shows.</summary>
    public VisualLayout Layout => _sequence.Layout;

    /// <summary>The queried word's rows laid out on the grid, <c>[heads, gridHeight, gridWidth]</c>; several sub-tokens are averaged.</summary>
    /// <param name="query">Index into <see cref="PreparedPrompt.Queries"/>.</param>
    public ReadOnlySpan<float> Maps(int query) => _maps.Map(Layer, query, set: 0);

    /// <summary>The rows of another of <see cref="PreparedPrompt.Rows"/> laid out on the grid, <c>[heads, gridHeight, gridWidth]</c>.</summary>
    internal ReadOnlySpan<float> Maps(int query, int set) => _maps.Map(Layer, query, set);

    /// <summary>Number of tokens of the shared prefix: text before the picture and the picture.</summary>
    internal int PrefixLength => _sequence.PrefixLength;

    /// <summary>Number of tokens, n, in a query's sequence: prefix, picture and the query's own.</summary>
    /// <param name="query">Index into <see cref="PreparedPrompt.Queries"/>.</param>
    public int SequenceLength(int query) => _sequence.PrefixLength + _sequence.Suffixes[query].Length;

    /// <summary>
    /// Softmax attention of a query's sequence, <c>[heads, rows, firstRow + rows]</c>; keys after the last row are zero and left out. All heads of
    /// a sequence of 600 tokens are 46 MB at 32 heads: ask for the heads and rows that are needed.
    /// </summary>
    /// <param name="query">Index into <see cref="PreparedPrompt.Queries"/>.</param>
    /// <param name="heads">The heads wanted, ascending; <see langword="null"/> for all.</param>
    /// <param name="firstRow">The first query token, from 0.</param>
    /// <param name="rows">How many query tokens; negative for all from <paramref name="firstRow"/> on.</param>
    /// <returns>The values, row-major; the array is the caller's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query, head or token.</exception>
    public float[] ReadProbabilities(int query, IReadOnlyList<int>? heads = null, int firstRow = 0, int rows = -1)
    {
        using var scope = NewDisposeScope();
        return Probabilities(query, heads, firstRow, rows).ToFloats();
    }

    /// <summary><see cref="ReadProbabilities"/> where they are, on the model's device.</summary>
    /// <returns>A tensor of the caller's innermost dispose scope, or of the layer's where there is none: copy or move what is to outlive it.</returns>
    internal Tensor Probabilities(int query, IReadOnlyList<int>? heads = null, int firstRow = 0, int rows = -1)
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
            return last <= prefix ? head : suffix.Start == prefix ? packed.narrow(2, 0, last) : cat([head, packed.narrow(2, suffix.Start, last - prefix)], 2);
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
            scores.narrow(2, first - firstRow, last - first).PlusInPlace(Amplification(query, last));
        }

        Tensor future = ones([last - firstRow, last], ScalarType.Bool, device: scores.device).triu(firstRow + 1);
        return scores.FillWhereInPlace(future, double.NegativeInfinity).softmax(-1).squeeze(0);
    }

    /// <summary>Whether the model runs on the CPU, whose memory is at hand.</summary>
    internal bool IsOnCpu => _query.device_type == DeviceType.CPU;

    /// <summary>
    /// Softmax attention of the coarse query's sequence in blocks of consecutive rows, so that it need not exist at once and no key after a
    /// block's last row is looked at.
    /// </summary>
    /// <param name="heads">The heads wanted, ascending.</param>
    /// <param name="firstRow">The first query token.</param>
    /// <param name="rows">How many query tokens.</param>
    /// <param name="read">Is given a block's first row and its attention <c>[heads, block, first row + block]</c> in float32.</param>
    internal void ReadCausalBlocks(int[] heads, int firstRow, int rows, Action<int, Tensor> read)
    {
        using var scope = NewDisposeScope();
        Tensor future = ones([MostBlockRows, MostBlockRows], ScalarType.Bool, device: _query.device).triu(1);
        ReadCausalScores(heads, firstRow, rows, (first, scores) =>
        {
            long length = scores.shape[1];
            scores.narrow(2, first, length).FillWhereInPlace(future.narrow(0, 0, length).narrow(1, 0, length), double.NegativeInfinity);
            read(first, scores.softmax(-1));
        });
    }

    /// <summary>The scores that <see cref="ReadCausalBlocks"/> takes the softmax of, those of a row's later keys among them.</summary>
    internal void ReadCausalScores(int[] heads, int firstRow, int rows, Action<int, Tensor> read)
    {
        using var scope = NewDisposeScope();
        int last = firstRow + rows;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, _sequence.CausalLength, nameof(rows));
        int group = HeadCount / _keyValueHeads;
        Tensor queries = _query.narrow(2, firstRow, rows).index_select(1, Indices(heads)).to(ScalarType.Float32).squeeze(0).Times(_scale);
        Tensor keys = _key.narrow(2, 0, last).index_select(1, Indices(heads.Select(head => head / group))).to(ScalarType.Float32).squeeze(0).transpose(-1, -2);
        int blockRows = (int)Math.Clamp(BlockElements / ((long)heads.Length * last), FewestBlockRows, MostBlockRows);
        for (int first = firstRow; first < last; first += blockRows)
        {
            using var blockScope = NewDisposeScope();
            int length = Math.Min(blockRows, last - first);
            read(first, matmul(queries.narrow(1, first - firstRow, length), keys.narrow(2, 0, first + length)));
        }
    }

    /// <summary>
    /// Softmax attention within the shared prefix, <c>[heads, prefix, prefix]</c> in float32: the same for all queries, computed once for
    /// all observers of the layer and released with the layer.
    /// </summary>
    internal Tensor PrefixProbabilities()
    {
        if (_prefixProbabilities is null)
        {
            using var scope = NewDisposeScope();
            Tensor rows = _query.narrow(2, 0, PrefixLength).to(ScalarType.Float32);
            Tensor scores = GroupedHeads.Scores(rows, PrefixKeys()).TimesInPlace(_scale);
            Tensor future = ones([PrefixLength, PrefixLength], ScalarType.Bool, device: scores.device).triu(1);
            _prefixProbabilities = KeepForLayer(scores.FillWhereInPlace(future, double.NegativeInfinity).softmax(-1));
        }

        return _prefixProbabilities;
    }

    /// <summary>Softmax attention of a query's own tokens, <c>[heads, tokens, prefix + tokens]</c> in float32.</summary>
    internal Tensor SuffixProbabilities(int query)
    {
        using var scope = NewDisposeScope();
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

    /// <summary>Hidden states that the layer reads of the shared prefix, <c>[prefix, width]</c> in float32, before its norm.</summary>
    internal Tensor PrefixStates() => _hidden[0].narrow(0, 0, PrefixLength).to(ScalarType.Float32);

    /// <summary>What is added to the scores of each of a query's own tokens, <c>[keys]</c>.</summary>
    private Tensor Amplification(int query, int keys)
    {
        float[] bias = new float[keys];
        _amplified!.AddTo(bias, query);
        return tensor(bias, device: _query.device);
    }

    /// <summary>The shared prefix's keys in float32, <c>[1, keyValueHeads, prefix, headSize]</c>, computed once and released with the layer.</summary>
    internal Tensor PrefixKeys() => _prefixKeys ??= KeepForLayer(_key.narrow(2, 0, PrefixLength).to(ScalarType.Float32));

    private Tensor KeepForLayer(Tensor tensor)
    {
        // Float32 keys may be a view that is the model's own tensor; a detached alias can be kept in any case.
        Tensor kept = tensor.detach().DetachFromDisposeScope();
        _scope.Attach(kept);
        return kept;
    }

    private static void RequireIndex(int index, int count, string parameter)
    {
        if (index < 0 || index >= count)
        {
            throw new ArgumentOutOfRangeException(parameter, index, $"A number from 0 to {count - 1} was expected.");
        }
    }

    private Tensor Indices(IEnumerable<int> heads) => tensor(heads.Select(head => (long)head).ToArray(), device: _query.device);
}
