using MLNetGrounding.Models.Abstractions;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>The pass of an image and all its questions: reads the rows that are asked for and shows every layer to observers.</summary>
/// <remarks>
/// The layer's output comes from fused attention, which returns no weights; the rows of the queried words, and the flow matrices of
/// the heads that count, are computed beside it.
/// </remarks>
internal sealed class CapturePass : ILayerPass
{
    private readonly IDecoder _decoder;
    private readonly ModelInfo _model;
    private readonly PackedSequence _sequence;
    private readonly VisualFeatures _visual;
    private readonly AmplifiedTokens? _amplified;
    private readonly KeyValueCache? _cache;
    private readonly PackedAttention _fused;
    private readonly RowReader? _rows;
    private readonly ILayerRecorder[] _recorders;

    /// <param name="decoder">The decoder.</param>
    /// <param name="model">The model, of as many layers as are run.</param>
    /// <param name="prompt">The queries.</param>
    /// <param name="sequence">The queries as one sequence.</param>
    /// <param name="visual">The image's features.</param>
    /// <param name="amplified">Which scores are raised.</param>
    /// <param name="cache">Keeps each layer's keys and values; <see langword="null"/> lets them go with the layer.</param>
    /// <param name="memory">Gives the capture its arrays.</param>
    /// <param name="type">The type of hidden states.</param>
    /// <param name="device">Where they are.</param>
    public CapturePass(
        IDecoder decoder,
        ModelInfo model,
        PreparedPrompt prompt,
        PackedSequence sequence,
        VisualFeatures visual,
        AmplifiedTokens? amplified,
        KeyValueCache? cache,
        CaptureMemory memory,
        ScalarType type,
        Device device
    )
    {
        _decoder = decoder;
        _model = model;
        _sequence = sequence;
        _visual = visual;
        _amplified = amplified;
        _cache = cache;
        _fused = new PackedAttention(sequence, model.Heads, type, device, amplified);
        _rows = prompt.Rows.Count > 0 ? new RowReader(sequence, decoder.AttentionScale, device, amplified) : null;
        Flow = prompt.Flow is { } options ? CoarseFlowRecorder.Begin(prompt, options, model, memory) : null;
        _recorders = [.. prompt.Options.Observers.Select(observer => observer.Begin(prompt, model))];
        Maps = new MapCollector(prompt, model, memory);
    }

    /// <summary>The coarse query's flow, or <see langword="null"/>.</summary>
    public CoarseFlowRecorder? Flow { get; }

    /// <summary>The queries' maps.</summary>
    public MapCollector Maps { get; }

    /// <summary>The recorders that look at the hidden states after the last layer, too.</summary>
    public IEnumerable<IStateObserver> States => _recorders.OfType<IStateObserver>();

    /// <summary>What each observer made of the image, once all layers have passed.</summary>
    public IReadOnlyList<float[]> Observations() => [.. _recorders.Select(recorder => recorder.Complete())];

    /// <inheritdoc/>
    public Tensor? Attend(int layer, LayerTensors tensors)
    {
        AmplifiedTokens? amplified = _amplified?.Heads.AnyOf(layer) == true ? _amplified : null;
        PackedLayerAttention attention = new(layer, _model, _decoder, _sequence, tensors, Maps, amplified);
        _rows?.Read(tensors.Query, tensors.Key, attention.PrefixKeys(), Maps, layer);
        Flow?.Observe(attention);
        foreach (ILayerRecorder recorder in _recorders)
        {
            recorder.Observe(attention);
        }

        if (tensors.Value is null)
        {
            return null;
        }

        _cache?.Keep(layer, tensors.Key, tensors.Value);
        return _fused.Attend(layer, tensors.Query, tensors.Key, tensors.Value);
    }

    /// <inheritdoc/>
    public Tensor Completed(int layer, Tensor hidden) => _visual.AddTo(hidden, layer, _sequence.ImageStart);
}
