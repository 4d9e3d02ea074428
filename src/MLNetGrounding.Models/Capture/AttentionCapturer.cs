using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Runs one image and all queries through the model in a single pass, layer by layer, and keeps only the rows that are asked for.</summary>
/// <remarks>
/// The layer's output comes from fused attention, which returns no weights; the rows of the queried words, and the flow matrices of
/// the heads that count, are computed beside it. A layer's keys and values are dropped with the layer.
/// </remarks>
internal sealed class AttentionCapturer(IModelNetwork network, ModelInfo model, ScalarType type, Device device)
{
    /// <summary>The type of hidden states.</summary>
    public ScalarType HiddenType => type;

    /// <summary>Captures one image.</summary>
    /// <param name="image">The image as the model takes it.</param>
    /// <param name="prompt">The queries.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <param name="memory">Gives the capture its arrays; <see langword="null"/> makes new ones.</param>
    /// <exception cref="ArgumentException">Prompt and image together are longer than the model's context.</exception>
    public AttentionCapture Capture(PreparedImage image, PreparedPrompt prompt, CancellationToken cancellationToken, CaptureMemory? memory = null)
    {
        prompt = prompt.Of(image.Span.Layout);
        prompt.RequireContext(image.Span.Before.Count + image.Span.Ids.Count);
        memory ??= new CaptureMemory();
        memory.Begin();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        EncodedImage encoded = network.Encode(tensor(image.Values, image.Shape).to(type).to(device), image);
        AmplifiedTokens? amplified = prompt.Options.Amplification is { } amplification ? Amplified(encoded, image, prompt, amplification, cancellationToken) : null;
        return Run(encoded, image, prompt, amplified, memory, cancellationToken);
    }

    /// <summary>The tokens under the mask of the coarse query, which is asked alone.</summary>
    private AmplifiedTokens Amplified(EncodedImage encoded, PreparedImage image, PreparedPrompt prompt, AttentionAmplification amplification, CancellationToken cancellationToken)
    {
        PreparedPrompt coarse = prompt.With(role => role == QueryRole.Coarse, new CaptureOptions
        {
            Flow = null,
            Observers = [new CoarseMaskObserver(amplification.Flow, [amplification.Rollout])],
        });
        float[] mask = Run(encoded, image, coarse, amplified: null, new CaptureMemory(), cancellationToken).Observations[0];
        bool[] cells = new bool[mask.Length];
        if (Array.TrueForAll(mask, float.IsFinite))
        {
            Region.Threshold(mask, amplification.MaskThreshold, cells);
        }

        return new AmplifiedTokens(
            (float)amplification.Bias,
            LayerDepth.Of(amplification.FirstLayerDepth, model.Layers),
            prompt.Prefix.Count + image.Span.Before.Count,
            cells,
            image.Span.Layout.TokensOf(cells),
            Enumerable.Range(0, prompt.Suffixes.Count).Where(query => prompt.Suffixes[query].Query.Role == QueryRole.Fine).ToHashSet());
    }

    private AttentionCapture Run(
        EncodedImage encoded, PreparedImage image, PreparedPrompt prompt, AmplifiedTokens? amplified, CaptureMemory memory, CancellationToken cancellationToken)
    {
        // A model of as many layers as are asked for: what comes after them does not change what comes before.
        ModelInfo captured = model with { Layers = prompt.Layers };
        IDecoder decoder = network.Decoder;
        using var scope = NewDisposeScope();
        PackedSequence sequence = new(prompt, image.Span, decoder.PositionAxes);
        VisualFeatures visual = new(encoded, image.Span, model.ImageTokenId);
        Tensor hidden = cat([Embed(sequence.PrefixTokens), visual.Embed(Embed), Embed(sequence.SuffixTokens)], 1);
        IRotation rotation = decoder.Rotation(sequence.Positions, type, device);
        PackedAttention fused = new(sequence, captured.Heads, type, device);
        RowReader rows = new(sequence, decoder.AttentionScale, device);
        PackedAttention amplifiedFused = amplified is null ? fused : new(sequence, captured.Heads, type, device, amplified);
        RowReader amplifiedRows = amplified is null ? rows : new(sequence, decoder.AttentionScale, device, amplified);

        CoarseFlowRecorder? flow = prompt.Flow is { } options ? CoarseFlowRecorder.Begin(prompt, options, captured, memory) : null;
        ILayerRecorder[] recorders = [.. prompt.Options.Observers.Select(observer => observer.Begin(prompt, captured))];
        MapCollector maps = new(prompt, captured, memory);
        int lastLayer = captured.Layers - 1;
        for (int layer = 0; layer <= lastLayer; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var layerScope = NewDisposeScope();
            IDecoderLayer weights = decoder.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, rotation);
            bool amplify = layer >= amplified?.FirstLayer;
            LayerAttention attention = new(layer, captured, decoder, sequence, query, key, maps, layerScope, hidden, amplify ? amplified : null);
            (amplify ? amplifiedRows : rows).Read(query, key, attention.PrefixKeys(), maps, layer);
            flow?.Observe(attention);
            foreach (ILayerRecorder recorder in recorders)
            {
                recorder.Observe(attention);
            }

            if (layer < lastLayer || prompt.Options.SuffixLogits)
            {
                Tensor attended = (amplify ? amplifiedFused : fused).Attend(query, key, weights.Value(normed));
                Tensor next = visual.AddTo(weights.Complete(hidden, attended), layer, sequence.ImageStart).MoveToOuterDisposeScope();

                // Nothing looks back beyond a layer.
                hidden.Dispose();
                hidden = next;
            }
        }

        return new AttentionCapture(prompt, image.Geometry)
        {
            FineAttention = maps[QueryRole.Fine],
            CoarseAttention = maps[QueryRole.Coarse],
            NeutralAttention = maps[QueryRole.Neutral],
            BackgroundAttention = maps[QueryRole.Background],
            Rows = [.. Enumerable.Range(0, prompt.Rows.Count).Select(set => Enum.GetValues<QueryRole>().ToDictionary(role => role, role => maps[role, set]))],
            CoarseFlow = flow?.Flow ?? [],
            FlowRowSums = flow?.RowSums ?? [],
            AmplifiedCells = amplified?.Cells ?? [],
            PatchFeatures = prompt.Options.PatchFeatures ? visual.OfCells() : [],
            SuffixLogits = prompt.Options.SuffixLogits ? [.. sequence.Suffixes.Select(suffix => decoder.Logits(hidden.narrow(1, suffix.Start, suffix.Length)).ToFloats())] : [],
            Observations = [.. recorders.Select(recorder => recorder.Complete())],
        };
    }

    private Tensor Embed(IReadOnlyList<int> ids) => network.Decoder.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count], device: device)).to(type);
}
