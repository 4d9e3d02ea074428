using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

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

    /// <summary>Captures from pixels <c>[3, size, size]</c>, normalized.</summary>
    public AttentionCapture Capture(float[] pixels, ImageGeometry geometry, PreparedPrompt prompt, CancellationToken cancellationToken, CaptureMemory? memory = null)
    {
        memory ??= new CaptureMemory();
        memory.Begin();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        Tensor image = tensor(pixels, [1, 3, _configuration.ImageSize, _configuration.ImageSize]).to(type).to(device);
        Tensor features = network.EncodeImages(image);
        AmplifiedTokens? amplified = prompt.Options.Amplification is { } amplification ? Amplified(features, geometry, prompt, amplification, cancellationToken) : null;
        return Run(features, geometry, prompt, amplified, memory, cancellationToken);
    }

    /// <summary>The tokens under the mask of the coarse query, which is asked alone.</summary>
    private AmplifiedTokens Amplified(Tensor features, ImageGeometry geometry, PreparedPrompt prompt, AttentionAmplification amplification, CancellationToken cancellationToken)
    {
        PreparedPrompt coarse = prompt.With(role => role == QueryRole.Coarse, new CaptureOptions
        {
            Flow = null,
            Observers = [new CoarseMaskObserver(amplification.Flow, [amplification.Rollout])],
        });
        float[] mask = Run(features, geometry, coarse, amplified: null, new CaptureMemory(), cancellationToken).Observations[0];
        bool[] cells = new bool[mask.Length];
        if (Array.TrueForAll(mask, float.IsFinite))
        {
            Region.Threshold(mask, amplification.MaskThreshold, cells);
        }

        return new AmplifiedTokens(
            (float)amplification.Bias,
            LayerDepth.Of(amplification.FirstLayerDepth, _configuration.TextLayers),
            prompt.Prefix.Count,
            cells,
            Enumerable.Range(0, prompt.Suffixes.Count).Where(query => prompt.Suffixes[query].Query.Role == QueryRole.Fine).ToHashSet());
    }

    private AttentionCapture Run(
        Tensor features, ImageGeometry geometry, PreparedPrompt prompt, AmplifiedTokens? amplified, CaptureMemory memory, CancellationToken cancellationToken)
    {
        // A model of as many layers as are asked for: what comes after them does not change what comes before.
        LlavaConfiguration captured = prompt.Options.Layers is { } layers ? _configuration with { TextLayers = layers } : _configuration;
        using var scope = NewDisposeScope();
        PackedSequence sequence = new(prompt);
        Tensor hidden = cat([Embed(prompt.Prefix), features, Embed(sequence.SuffixTokens)], 1);
        RotaryTable positions = new(sequence.Positions, _configuration, type, device);
        PackedAttention fused = new(sequence, _configuration, type, device);
        RowReader rows = new(sequence, _configuration, device);
        PackedAttention amplifiedFused = amplified is null ? fused : new(sequence, _configuration, type, device, amplified);
        RowReader amplifiedRows = amplified is null ? rows : new(sequence, _configuration, device, amplified);

        CoarseFlowRecorder? flow = prompt.Flow is { } options ? CoarseFlowRecorder.Begin(prompt, options, captured, memory) : null;
        ILayerRecorder[] recorders = [.. prompt.Options.Observers.Select(observer => observer.Begin(prompt, captured))];
        MapCollector maps = new(prompt, captured, memory);
        int lastLayer = captured.TextLayers - 1;
        for (int layer = 0; layer <= lastLayer; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var layerScope = NewDisposeScope();
            LlamaLayer weights = network.Language.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, positions);
            bool amplify = layer >= amplified?.FirstLayer;
            LayerAttention attention = new(layer, captured, sequence, query, key, amplify ? amplifiedRows : rows, maps, layerScope, hidden, amplify ? amplified : null);
            flow?.Observe(attention);
            foreach (ILayerRecorder recorder in recorders)
            {
                recorder.Observe(attention);
            }

            if (layer < lastLayer || prompt.Options.SuffixLogits)
            {
                Tensor attended = (amplify ? amplifiedFused : fused).Attend(query, key, weights.Value(normed));
                hidden = weights.Complete(hidden, attended).MoveToOuterDisposeScope();
            }
        }

        return new AttentionCapture(prompt, geometry)
        {
            FineAttention = maps[QueryRole.Fine],
            CoarseAttention = maps[QueryRole.Coarse],
            NeutralAttention = maps[QueryRole.Neutral],
            BackgroundAttention = maps[QueryRole.Background],
            Rows = [.. Enumerable.Range(0, prompt.Rows.Count).Select(set => Enum.GetValues<QueryRole>().ToDictionary(role => role, role => maps[role, set]))],
            CoarseFlow = flow?.Flow ?? [],
            FlowRowSums = flow?.RowSums ?? [],
            AmplifiedCells = amplified?.Cells ?? [],
            PatchFeatures = prompt.Options.PatchFeatures ? features.ToFloats() : [],
            SuffixLogits = prompt.Options.SuffixLogits ? [.. sequence.Suffixes.Select(suffix => network.Language.Logits(hidden.narrow(1, suffix.Start, suffix.Length)).ToFloats())] : [],
            Observations = [.. recorders.Select(recorder => recorder.Complete())],
        };
    }

    private Tensor Embed(IReadOnlyList<int> ids) => network.Language.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count], device: device)).to(type);
}
