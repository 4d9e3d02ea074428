using MLNetGrounding.Maths;
using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Runs one picture and all queries through the model in a single pass, layer by layer, and keeps only the rows that are asked for.</summary>
/// <remarks>
/// The layer's output comes from fused attention, which returns no weights; the rows of the queried words, and the flow matrices of
/// the heads that count, are computed beside it. A layer's keys and values are dropped with the layer.
/// </remarks>
internal sealed class AttentionCapturer(LlavaNetwork network, ScalarType type, Device device)
{
    private readonly LlavaConfiguration _configuration = network.Configuration;

    /// <summary>The type of hidden states.</summary>
    public ScalarType HiddenType => type;

    /// <summary>Captures from pixels <c>[3, size, size]</c>, normalised.</summary>
    public AttentionCapture Capture(float[] pixels, ImageGeometry geometry, PreparedPrompt prompt, CancellationToken cancellationToken)
    {
        // A model of as many layers as are asked for: what comes after them does not change what comes before.
        LlavaConfiguration captured = prompt.Options.Layers is { } layers ? _configuration with { TextLayers = layers } : _configuration;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        PackedSequence sequence = new(prompt);
        Tensor image = tensor(pixels, [1, 3, _configuration.ImageSize, _configuration.ImageSize]).to(type).to(device);
        Tensor features = network.EncodeImages(image);
        Tensor hidden = cat([Embed(prompt.Prefix), features, Embed(sequence.SuffixTokens)], 1);
        RotaryTable positions = new(sequence.Positions, _configuration, type, device);
        PackedAttention fused = new(sequence, _configuration, type, device);
        RowReader rows = new(sequence, _configuration, device);

        CoarseFlowRecorder? flow = prompt.Flow is { } options ? new CoarseFlowRecorder(prompt, options, captured) : null;
        ILayerRecorder[] recorders = [.. prompt.Options.Observers.Select(observer => observer.Begin(prompt, captured))];
        MapCollector maps = new(prompt, captured);
        int lastLayer = captured.TextLayers - 1;
        for (int layer = 0; layer <= lastLayer; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var layerScope = NewDisposeScope();
            LlamaLayer weights = network.Language.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, positions);
            LayerAttention attention = new(layer, captured, sequence, query, key, rows, maps, layerScope);
            flow?.Observe(attention);
            foreach (ILayerRecorder recorder in recorders)
            {
                recorder.Observe(attention);
            }

            if (layer < lastLayer || prompt.Options.SuffixLogits)
            {
                hidden = weights.Complete(hidden, fused.Attend(query, key, weights.Value(normed))).MoveToOuterDisposeScope();
            }
        }

        return new AttentionCapture(prompt, geometry)
        {
            FineAttention = maps[QueryRole.Fine],
            CoarseAttention = maps[QueryRole.Coarse],
            NeutralAttention = maps[QueryRole.Neutral],
            BackgroundAttention = maps[QueryRole.Background],
            Rows = [.. Enumerable.Range(0, prompt.Rows.Count).Select(set => Enum.GetValues<QueryRole>().ToDictionary(role => role, role => maps[role, set]))],
            CoarseFlow = flow?.Complete() ?? [],
            FlowRowSums = flow?.RowSums ?? [],
            PatchFeatures = prompt.Options.PatchFeatures ? features.ToFloats() : [],
            SuffixLogits = prompt.Options.SuffixLogits ? [.. sequence.Suffixes.Select(suffix => network.Language.Logits(hidden.narrow(1, suffix.Start, suffix.Length)).ToFloats())] : [],
            Observations = [.. recorders.Select(recorder => recorder.Complete())],
        };
    }

    private Tensor Embed(IReadOnlyList<int> ids) => network.Language.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count], device: device)).to(type);
}
