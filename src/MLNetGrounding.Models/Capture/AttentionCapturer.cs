using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Runs one image and all queries through the model in a single pass, layer by layer, and keeps only the rows that are asked for.
/// </summary>
/// <remarks>A layer's keys and values are dropped with the layer, unless answers are to go on from them.</remarks>
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
    public AttentionCapture Capture(
        PreparedImage image,
        PreparedPrompt prompt,
        CancellationToken cancellationToken,
        CaptureMemory? memory = null
    )
    {
        prompt = prompt.Of(image.Span.Layout);
        prompt.RequireContext(image.Span.Before.Count + image.Span.Ids.Count);
        memory ??= new CaptureMemory();
        memory.Begin();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        EncodedImage encoded = Encode(image);
        AmplifiedTokens? amplified = Amplified(encoded, image, prompt, cancellationToken);
        return Run(encoded, image, prompt, amplified, memory, cancellationToken);
    }

    /// <summary>Reads one image and its questions and keeps what answers go on from.</summary>
    /// <param name="image">The image as the model takes it.</param>
    /// <param name="prompt">The queries, of all layers; of what they ask to capture, nothing but the amplification counts.</param>
    /// <param name="queries">The queries that are to be answered, by index.</param>
    /// <param name="observers">See the rows of each question's last token.</param>
    /// <param name="states">Sees the hidden states after the last layer; <see langword="null"/> for nobody.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">Prompt and image together are longer than the model's context.</exception>
    public AnswerState Begin(
        PreparedImage image,
        PreparedPrompt prompt,
        IReadOnlyList<int> queries,
        IReadOnlyList<ILayerObserver> observers,
        IStateObserver? states,
        CancellationToken cancellationToken
    )
    {
        prompt = prompt.Of(image.Span.Layout);
        prompt.RequireContext(image.Span.Before.Count + image.Span.Ids.Count);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        EncodedImage encoded = Encode(image);
        AmplifiedTokens? amplified = Amplified(encoded, image, prompt, cancellationToken)?.Of(queries);
        prompt = prompt.Of(queries).AtLastTokens(observers);
        PackedSequence sequence = new(prompt, image.Span, network.Decoder.PositionAxes);
        KeyValueCache cache = new(sequence, model.Layers);
        try
        {
            (AttentionCapture capture, Tensor hidden) = Run(
                encoded,
                image,
                prompt,
                sequence,
                amplified,
                cache,
                new CaptureMemory(),
                cancellationToken
            );
            states?.ObservePrompt(network.Decoder, sequence, hidden);
            Tensor last = tensor([.. sequence.Suffixes.Select(suffix => suffix.Start + suffix.Length - 1L)], device: device);
            Tensor logits = network.Decoder.Logits(hidden.index_select(1, last))[0];
            return new AnswerState
            {
                Capture = capture,
                Cache = cache,
                Sequence = sequence,
                PrefixTokenIds = [.. sequence.PrefixTokens, .. image.Span.Ids],
                NextPositions = [.. sequence.Suffixes.Select(suffix => sequence.Positions[0][suffix.Start + suffix.Length - 1] + 1)],
                Logits = [.. Enumerable.Range(0, sequence.Suffixes.Count).Select(query => logits[query].ToFloats())],
                Amplified = amplified,
            };
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>The log-probabilities of given answers, in one pass over all images and answers.</summary>
    /// <param name="images">Images of the same size and tokens.</param>
    /// <param name="prompt">The queries that they answer; of what they ask to capture, nothing but the amplification counts.</param>
    /// <param name="answers">Per answer its query, by index, and its tokens, at least one.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>For each image and answer those of the answer's tokens, natural logarithms among all tokens.</returns>
    /// <exception cref="ArgumentException">Prompt, image and answer together are longer than the model's context, or images differ in their
    /// tokens.</exception>
    public double[][][] LogProbabilities(
        IReadOnlyList<PreparedImage> images,
        PreparedPrompt prompt,
        IReadOnlyList<(int Query, IReadOnlyList<int> TokenIds)> answers,
        CancellationToken cancellationToken
    )
    {
        if (prompt.Options.Amplification is { Box: null } && images.Count > 1)
        {
            // Each image has a mask of its own; a box is the same in images of the same size.
            return [.. images.SelectMany(image => LogProbabilities([image], prompt, answers, cancellationToken))];
        }

        ImageSpan span = images[0].Span;
        if (
            images.Any(image =>
                !image.Span.Ids.SequenceEqual(span.Ids)
                || !image.Span.Before.SequenceEqual(span.Before)
                || !image.Span.Layout.Equals(span.Layout)
            )
        )
        {
            throw new ArgumentException(
                "Images of the same size were expected, found some that differ in their visual tokens.",
                nameof(images)
            );
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        IReadOnlyList<EncodedImage> encoded = network.Encode([.. images.Select(Pixels)], images);
        AmplifiedTokens? amplified = Amplified(encoded[0], images[0], prompt.Of(span.Layout), cancellationToken);
        PreparedPrompt read = prompt.Of(span.Layout).Answered(answers);
        read.RequireContext(span.Before.Count + span.Ids.Count);
        IDecoder decoder = network.Decoder;
        PackedSequence sequence = new(read, span, decoder.PositionAxes);
        VisualFeatures[] visual = [.. encoded.Select(each => new VisualFeatures(each, span, model.ImageTokenId))];
        Tensor prefix = Embed(sequence.PrefixTokens);
        Tensor suffix = Embed(sequence.SuffixTokens);
        Tensor hidden = cat([.. visual.Select(each => cat([prefix, each.Embed(Embed), suffix], 1))], 0);
        AmplifiedTokens? raised = amplified?.Of([.. answers.Select(answer => answer.Query)]);
        PackedAttention fused = new(sequence, model.Heads, type, device, raised);
        hidden = DecoderPass.Run(
            decoder,
            hidden,
            decoder.Rotation(sequence.Positions, type, device),
            model.Layers,
            completes: true,
            new ScorePass(fused, visual, sequence.ImageStart),
            cancellationToken
        );
        double[][][] results = [.. images.Select(_ => new double[answers.Count][])];
        for (int answer = 0; answer < answers.Count; answer++)
        {
            using DisposeScope answerScope = NewDisposeScope();
            PackedSuffix own = sequence.Suffixes[answer];
            int count = answers[answer].TokenIds.Count;

            // A token is predicted by the one before it.
            Tensor logits = decoder.Logits(hidden.narrow(1, own.Start + own.Length - count - 1, count)).to(ScalarType.Float64);
            Tensor ids = tensor([.. answers[answer].TokenIds.Select(id => (long)id)], [1, count, 1], device: device)
                .expand(images.Count, count, 1);
            double[] values = (logits.gather(2, ids).squeeze(2) - logits.logsumexp(-1)).cpu().contiguous().data<double>().ToArray();
            for (int image = 0; image < images.Count; image++)
            {
                results[image][answer] = values[(image * count)..((image + 1) * count)];
            }
        }

        return results;
    }

    private EncodedImage Encode(PreparedImage image) => network.Encode(Pixels(image), image);

    private Tensor Pixels(PreparedImage image) => tensor(image.Values, image.Shape).to(type).to(device);

    private AmplifiedTokens? Amplified(
        EncodedImage encoded,
        PreparedImage image,
        PreparedPrompt prompt,
        CancellationToken cancellationToken
    ) => prompt.Options.Amplification is { } amplification ? Amplified(encoded, image, prompt, amplification, cancellationToken) : null;

    /// <summary>The tokens in the box that is given, or under the mask of the coarse query, which is asked alone.</summary>
    private AmplifiedTokens Amplified(
        EncodedImage encoded,
        PreparedImage image,
        PreparedPrompt prompt,
        AttentionAmplification amplification,
        CancellationToken cancellationToken
    )
    {
        bool[] cells = amplification.Box is { } box
            ? Covered(image.Geometry, box)
            : UnderMask(encoded, image, prompt, amplification, cancellationToken);
        return new AmplifiedTokens(
            (float)amplification.Bias,
            new AmplifiedHeads(amplification, model),
            prompt.Prefix.Count + image.Span.Before.Count,
            cells,
            image.Span.Layout.TokensOf(cells),
            Enumerable.Range(0, prompt.Suffixes.Count).Where(query => prompt.Suffixes[query].Query.Role == QueryRole.Fine).ToHashSet()
        );
    }

    private bool[] UnderMask(
        EncodedImage encoded,
        PreparedImage image,
        PreparedPrompt prompt,
        AttentionAmplification amplification,
        CancellationToken cancellationToken
    )
    {
        PreparedPrompt coarse = prompt.With(
            role => role == QueryRole.Coarse,
            new CaptureOptions { Flow = null, Observers = [new CoarseMaskObserver(amplification.Flow, [amplification.Rollout])] }
        );
        float[] mask = Run(encoded, image, coarse, amplified: null, new CaptureMemory(), cancellationToken).Observations[0];
        bool[] cells = new bool[mask.Length];
        if (Array.TrueForAll(mask, float.IsFinite))
        {
            Region.Threshold(mask, amplification.MaskThreshold, cells);
        }

        return cells;
    }

    /// <summary>The cells that a box touches.</summary>
    private static bool[] Covered(ImageGeometry geometry, ImageBox box)
    {
        // Less of a cell is what rounding leaves of a border.
        const float least = 1e-9f;
        float[] shares = new float[geometry.Grid.Cells];
        geometry.Cover(new PixelRectangle(box.X, box.Y, box.X + box.Width, box.Y + box.Height).Intersect(geometry.View()), shares);
        bool[] cells = Array.ConvertAll(shares, share => share > least);
        return cells.Contains(true)
            ? cells
            : throw new ArgumentException(
                $"The {box} lies outside what the model sees of the image of {geometry.ImageWidth} x {geometry.ImageHeight} pixels. Give a box in pixels of the original image."
            );
    }

    private AttentionCapture Run(
        EncodedImage encoded,
        PreparedImage image,
        PreparedPrompt prompt,
        AmplifiedTokens? amplified,
        CaptureMemory memory,
        CancellationToken cancellationToken
    )
    {
        using DisposeScope scope = NewDisposeScope();
        PackedSequence sequence = new(prompt, image.Span, network.Decoder.PositionAxes);
        return Run(encoded, image, prompt, sequence, amplified, cache: null, memory, cancellationToken).Capture;
    }

    /// <returns>What was captured, and the hidden states after the last layer that was completed.</returns>
    private (AttentionCapture Capture, Tensor Hidden) Run(
        EncodedImage encoded,
        PreparedImage image,
        PreparedPrompt prompt,
        PackedSequence sequence,
        AmplifiedTokens? amplified,
        KeyValueCache? cache,
        CaptureMemory memory,
        CancellationToken cancellationToken
    )
    {
        // A model of as many layers as are asked for: what comes after them does not change what comes before.
        ModelInfo captured = model with
        {
            Layers = prompt.Layers,
        };
        IDecoder decoder = network.Decoder;
        VisualFeatures visual = new(encoded, image.Span, model.ImageTokenId);
        Tensor hidden = cat([Embed(sequence.PrefixTokens), visual.Embed(Embed), Embed(sequence.SuffixTokens)], 1);
        IRotation rotation = decoder.Rotation(sequence.Positions, type, device);
        CapturePass pass = new(decoder, captured, prompt, sequence, visual, amplified, cache, memory, type, device);
        IStateObserver[] states = [.. pass.States];
        bool completes = prompt.Options.SuffixLogits || cache is not null || states.Length > 0;
        hidden = DecoderPass.Run(decoder, hidden, rotation, captured.Layers, completes, pass, cancellationToken);
        foreach (IStateObserver observer in states)
        {
            observer.ObservePrompt(decoder, sequence, hidden);
        }

        AttentionCapture capture = new(prompt, image.Geometry)
        {
            FineAttention = pass.Maps[QueryRole.Fine],
            CoarseAttention = pass.Maps[QueryRole.Coarse],
            NeutralAttention = pass.Maps[QueryRole.Neutral],
            BackgroundAttention = pass.Maps[QueryRole.Background],
            Rows =
            [
                .. Enumerable
                    .Range(0, prompt.Rows.Count)
                    .Select(set => Enum.GetValues<QueryRole>().ToDictionary(role => role, role => pass.Maps[role, set])),
            ],
            CoarseFlow = pass.Flow?.Flow ?? [],
            FlowRowSums = pass.Flow?.RowSums ?? [],
            AmplifiedCells = amplified?.Cells ?? [],
            PatchFeatures = prompt.Options.PatchFeatures ? visual.OfCells() : [],
            SuffixLogits = prompt.Options.SuffixLogits
                ? [.. sequence.Suffixes.Select(suffix => decoder.Logits(hidden.narrow(1, suffix.Start, suffix.Length)).ToFloats())]
                : [],
            Observations = pass.Observations(),
        };
        return (capture, hidden);
    }

    private Tensor Embed(IReadOnlyList<int> ids) =>
        network.Decoder.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count], device: device)).to(type);
}
