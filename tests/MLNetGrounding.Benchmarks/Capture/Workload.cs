using MLNetGrounding.Models;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Generation;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Benchmarks;

/// <summary>A picture and its queries on an open checkpoint, and the ways to run them.</summary>
internal sealed class Workload : IDisposable
{
    // As many as LLaVA's template has before the picture.
    private const int PrefixTokens = 5;

    private readonly SharedCheckpoint _checkpoint;
    private readonly RgbImage _picture;
    private readonly CaptureOptions _options;
    private readonly PreparedImage _image;
    private readonly CaptureMemory _memory = new();

    public Workload(string directory, VisionLanguageModelOptions? options = null)
        : this(SharedCheckpoint.Load(directory, options ?? new VisionLanguageModelOptions()), new CaptureOptions()) { }

    /// <param name="checkpoint">An open checkpoint, one reference of which is released in the end.</param>
    /// <param name="options">How images are wanted.</param>
    public Workload(SharedCheckpoint checkpoint, CaptureOptions options)
    {
        _checkpoint = checkpoint;
        _options = options;
        byte[] picture = new byte[3 * 400 * 300];
        new Random(1).NextBytes(picture);
        _picture = new RgbImage(400, 300, picture);
        _image = Prepare();
    }

    public int VisualTokens => _image.Span.Before.Count + _image.Span.Ids.Count;

    private ModelInfo Info => _checkpoint.Info;

    /// <summary>Fits the image and normalizes it, which a pipeline does while the model works on the image before.</summary>
    public PreparedImage Prepare() => _checkpoint.Images.Prepare(_picture, _options.Images, CancellationToken.None);

    /// <summary>One coarse query and <paramref name="fine"/> fine ones, the word the last token but two.</summary>
    /// <param name="fine">Number of fine queries.</param>
    /// <param name="suffixTokens">Tokens of each fine query.</param>
    /// <param name="flow">The flow that is captured.</param>
    /// <param name="prefixTokens">Tokens before the image.</param>
    /// <param name="coarseTokens">Tokens of the coarse query; <see langword="null"/> for those of a fine one.</param>
    public PreparedPrompt Prompt(
        int fine,
        int suffixTokens,
        CoarseFlowOptions? flow,
        int prefixTokens = PrefixTokens,
        int? coarseTokens = null
    )
    {
        Random random = new(2);
        int[] Ids(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => random.Next(3, Math.Min(Info.VocabularySize, Info.ImageTokenId)))];
        AttentionQuery Query(int query, int tokens) =>
            new()
            {
                Name = $"query{query}",
                Role = query == 0 ? QueryRole.Coarse : QueryRole.Fine,
                TokenIds = Ids(tokens),
                TokenPositions = [tokens - 3],
            };
        IEnumerable<AttentionQuery> queries = Enumerable
            .Range(0, fine + 1)
            .Select(query => Query(query, query == 0 ? coarseTokens ?? suffixTokens : suffixTokens));
        CaptureOptions options = _options with { PrefixTokenIds = Ids(prefixTokens), Flow = flow };
        return new PromptBuilder(Info, _checkpoint.Profile, _checkpoint.ImageToken, tokenizer: null, _checkpoint.Directory).Build(
            [.. queries],
            options,
            _image.Span.Layout
        );
    }

    public static int PrefixLength(PreparedPrompt prompt) => prompt.Prefix.Count + prompt.VisualTokens;

    /// <summary>Tokens that one forward pass per query runs over those of the packed pass.</summary>
    public static double TokenRatio(PreparedPrompt prompt)
    {
        int suffixes = prompt.Suffixes.Sum(suffix => suffix.TokenIds.Count);
        return (double)((prompt.Suffixes.Count * PrefixLength(prompt)) + suffixes) / (PrefixLength(prompt) + suffixes);
    }

    /// <summary>One capture with arrays that are used again, as a pipeline's are: valid until the next one.</summary>
    public AttentionCapture Capture(PreparedPrompt prompt) => _checkpoint.Capturer.Capture(_image, prompt, CancellationToken.None, _memory);

    /// <summary>
    /// One eager forward pass, all attention kept until its end, the last token's logits; gives the queried word's maps <c>[layers, heads,
    /// visualTokens]</c>.
    /// </summary>
    public float[] Eager(PreparedPrompt prompt, int query)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        PreparedSuffix suffix = prompt.Suffixes[query];
        (Tensor[] attention, _) = EagerTwin.Run(
            _checkpoint.Network,
            Info,
            _image,
            prompt.Prefix,
            suffix.TokenIds,
            _checkpoint.Capturer.HiddenType,
            lastLogits: true
        );
        int start = prompt.Prefix.Count + _image.Span.Before.Count;
        int row = start + prompt.VisualTokens + suffix.RowSets[0][0];
        return stack([.. attention.Select(layer => layer.narrow(1, row, 1).narrow(2, start, prompt.VisualTokens))]).ToFloats();
    }

    /// <summary>
    /// The packed pass with fused attention and nothing captured; like the capture, it stops at the last layer's queries and keys.
    /// </summary>
    public void Forward(PreparedPrompt prompt)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        ScalarType type = _checkpoint.Capturer.HiddenType;
        IDecoder decoder = _checkpoint.Network.Decoder;
        PackedSequence sequence = new(prompt, _image.Span, decoder.PositionAxes);
        Tensor Embed(IReadOnlyList<int> ids) => decoder.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count])).to(type);
        VisualFeatures visual = new(
            _checkpoint.Network.Encode(tensor(_image.Values, _image.Shape).to(type), _image),
            _image.Span,
            Info.ImageTokenId
        );
        Tensor hidden = cat([Embed(sequence.PrefixTokens), visual.Embed(Embed), Embed(sequence.SuffixTokens)], 1);
        IRotation rotation = decoder.Rotation(sequence.Positions, type, CPU);
        PackedAttention fused = new(sequence, Info.Heads, type, CPU);
        for (int layer = 0; layer < Info.Layers; layer++)
        {
            using DisposeScope layerScope = NewDisposeScope();
            IDecoderLayer weights = decoder.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, rotation);
            if (layer < Info.Layers - 1)
            {
                Tensor attended = weights.Complete(hidden, fused.Attend(layer, query, key, weights.Value(normed)));
                hidden = visual.AddTo(attended, layer, sequence.ImageStart).MoveToOuterDisposeScope();
            }
        }
    }

    /// <summary>The tokens of greedy answers of a fixed length to all queries.</summary>
    public int[][] Answer(PreparedPrompt prompt, int tokens, bool maps)
    {
        AnswerOptions options = new() { MaximumTokens = tokens, Maps = maps };
        using AnswerRun run = _checkpoint.Answers.Begin(_image, prompt, options, CancellationToken.None);
        while (!run.IsComplete)
        {
            run.Next(CancellationToken.None);
        }

        return [.. run.Answers.Select(answer => answer.TokenIds.ToArray())];
    }

    /// <summary>
    /// The same work without what is kept: for each token one pass over image, questions and the answers so far, whose tokens are given.
    /// </summary>
    public void AnswerAnew(PreparedPrompt prompt, int[][] given, int tokens)
    {
        for (int token = 0; token < tokens; token++)
        {
            PreparedPrompt longer =
                token == 0 ? prompt : prompt.Answered([.. given.Select((answer, query) => (query, (IReadOnlyList<int>)answer[..token]))]);
            using AnswerRun run = _checkpoint.Answers.Begin(
                _image,
                longer,
                new AnswerOptions { MaximumTokens = 1 },
                CancellationToken.None
            );
            run.Next(CancellationToken.None);
        }
    }

    public void Dispose() => _checkpoint.Release();
}
