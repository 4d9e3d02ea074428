using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Generation;

/// <summary>
/// The pass of one token of each answer: every token looks back at the prefix, which all share, and at its own question and answer.
/// </summary>
internal sealed class AnswerPass : ILayerPass
{
    private readonly IDecoder _decoder;
    private readonly ModelInfo _model;
    private readonly PackedSequence _sequence;
    private readonly KeyValueCache _cache;
    private readonly AmplifiedTokens? _amplified;
    private readonly Tensor? _mask;
    private readonly Tensor? _amplifiedMask;
    private readonly ILayerRecorder[] _recorders;
    private readonly MapCollector? _maps;

    /// <param name="decoder">The decoder.</param>
    /// <param name="model">The model.</param>
    /// <param name="state">The image and its questions.</param>
    /// <param name="prompt">The queries whose answers go on, in the order of the cache.</param>
    /// <param name="memory">Gives the maps their arrays.</param>
    /// <param name="device">Where hidden states are.</param>
    public AnswerPass(IDecoder decoder, ModelInfo model, AnswerState state, PreparedPrompt prompt, CaptureMemory memory, Device device)
    {
        _decoder = decoder;
        _model = model;
        _sequence = state.Sequence;
        _cache = state.Cache;
        _amplified = state.Amplified;
        _mask = Mask(amplified: null, device);
        _amplifiedMask = _amplified is null ? _mask : Mask(_amplified, device);
        _recorders = [.. prompt.Options.Observers.Select(observer => observer.Begin(prompt, model))];
        _maps = _recorders.Length == 0 ? null : new MapCollector(prompt, model, memory);
    }

    /// <summary>The recorders that look at the hidden states after the last layer, too.</summary>
    public IEnumerable<IStateObserver> States => _recorders.OfType<IStateObserver>();

    /// <summary>What each observer made of the tokens, once all layers have passed.</summary>
    public IReadOnlyList<float[]> Observations() => [.. _recorders.Select(recorder => recorder.Complete())];

    /// <inheritdoc/>
    public Tensor? Attend(int layer, LayerTensors tensors)
    {
        _cache.Write(layer, tensors.Key, tensors.Value!);
        int heads = _model.Heads;
        int shared = _decoder.KeyValueHeads;
        int queries = _cache.Queries.Count;
        int prefix = _cache.PrefixLength;
        Tensor query = tensors.Query.to(ScalarType.Float32).Times(_decoder.AttentionScale);
        Tensor prefixScores = GroupedHeads.Scores(query, _cache.PrefixKeys(layer).unsqueeze(0));
        Tensor ownScores = FromOwn(matmul(ToOwn(query[0]), _cache.OwnKeys(layer).transpose(-1, -2)));
        Tensor scores = cat([prefixScores, ownScores], -1);
        if ((_amplified?.Choose(layer, _mask!, _amplifiedMask!) ?? _mask) is { } mask)
        {
            scores.PlusInPlace(mask);
        }

        Tensor probabilities = scores.softmax(-1);
        Observe(layer, probabilities);
        Tensor weights = probabilities.to(tensors.Value!.dtype);
        Tensor fromPrefix = matmul(weights.narrow(2, 0, prefix).reshape(shared, -1, prefix), _cache.PrefixValues(layer))
            .view(heads, queries, -1);
        Tensor fromOwn = FromOwn(matmul(ToOwn(weights.narrow(2, prefix, _cache.Columns)), _cache.OwnValues(layer)));
        return fromPrefix.Plus(fromOwn).unsqueeze(0);

        // [heads, queries, n] to [queries, keyValueHeads, group, n] and back: own keys differ from query to query.
        Tensor ToOwn(Tensor byHead) => byHead.reshape(shared, heads / shared, queries, -1).permute(2, 0, 1, 3);

        Tensor FromOwn(Tensor byQuery) => byQuery.permute(1, 2, 0, 3).reshape(heads, queries, -1);
    }

    private void Observe(int layer, Tensor probabilities)
    {
        if (_maps is null)
        {
            return;
        }

        AnswerLayerAttention attention = new(layer, _model, _sequence, _maps, probabilities, _cache.Padding);
        foreach (ILayerRecorder recorder in _recorders)
        {
            recorder.Observe(attention);
        }
    }

    /// <summary>What is added to scores, <c>[queries, prefix + columns]</c>, or <see langword="null"/> where that is nothing in any layer.</summary>
    private Tensor? Mask(AmplifiedTokens? amplified, Device device)
    {
        if (_amplified is null && _cache.Padding.All(padding => padding == 0))
        {
            return null;
        }

        int width = _cache.PrefixLength + _cache.Columns;
        float[] mask = new float[_cache.Queries.Count * width];
        for (int row = 0; row < _cache.Queries.Count; row++)
        {
            Span<float> line = mask.AsSpan(row * width, width);
            line.Slice(_cache.PrefixLength, _cache.Padding[row]).Fill(float.NegativeInfinity);
            amplified?.AddTo(line, _cache.Queries[row]);
        }

        return tensor(mask, [_cache.Queries.Count, width], device: device);
    }
}
