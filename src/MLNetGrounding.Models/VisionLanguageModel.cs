using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Models;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Faithfulness;
using MLNetGrounding.Models.Generation;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding;

/// <summary>A vision-language model, opened for attention capture.</summary>
/// <remarks>
/// Weights are memory-mapped and shared by all handles of <see cref="Share"/>; they go when the last handle is disposed.
/// <see cref="Prepare"/> and <see cref="Capture"/> may be called from several threads at a time.
/// </remarks>
public sealed class VisionLanguageModel : IDisposable
{
    /// <summary>
    /// The meter (<see cref="System.Diagnostics.Metrics"/>) that models of this process report to: the histogram <c>capture.duration</c>
    /// holds the seconds that each image spent in a model, its decoding and resizing not counted.
    /// </summary>
    public const string MeterName = CaptureMetrics.MeterName;

    private readonly SharedCheckpoint _shared;
    private int _disposed;

    private VisionLanguageModel(SharedCheckpoint shared) => _shared = shared;

    /// <summary>What kind of model it is: its family, numbers and sizes.</summary>
    public ModelInfo Info => _shared.Info;

    /// <summary>The checkpoint folder, as a full path.</summary>
    public string Directory => _shared.Directory;

    /// <summary>
    /// How the checkpoint wants to be asked: its <c>grounding.json</c>, or neutral questions; the prompt template is filled in.
    /// </summary>
    public GroundingProfile Profile => _shared.Profile;

    /// <summary>
    /// Where the prompt template comes from, in words: <c>grounding.json</c>, a chat template whose text is known, or the usual form of the
    /// family, with what to do where a chat template was there and not known.
    /// </summary>
    public string TemplateOrigin => _shared.TemplateOrigin;

    /// <summary>Whether the folder has a tokenizer; without one, queries are given as token ids.</summary>
    public bool HasTokenizer => _shared.Tokenizer is not null;

    /// <summary>
    /// The tokens that end an answer: all that <c>generation_config.json</c> and <c>config.json</c> name as <c>eos_token_id</c>. Where this
    /// is empty, answers end at <see cref="AnswerOptions.MaximumTokens"/>.
    /// </summary>
    public IReadOnlyList<int> EndTokenIds => _shared.Generation.EndTokenIds;

    /// <summary>
    /// How the checkpoint's <c>generation_config.json</c> has tokens chosen: temperature, top-k and top-p where it says <c>do_sample</c>,
    /// and its repetition penalty, which acts on greedy decoding too. Without the file: the most probable token.
    /// </summary>
    /// <exception cref="CheckpointException">The file asks for what is not implemented, such as beams; the message names the
    /// key.</exception>
    public AnswerSampling CheckpointSampling => _shared.Generation.Sampling();

    /// <summary>
    /// 32 hexadecimal digits that tell this checkpoint from another, whatever folder it lies in: a hash of what decides over its outputs,
    /// that is configuration, preprocessing, tokenizer, weights and the prompts of <c>grounding.json</c>. Of weights of 64 MiB and more,
    /// the headers and three samples of every tensor are hashed. Device and precision are no part of it.
    /// </summary>
    /// <exception cref="CheckpointException">The folder's files can no longer be read.</exception>
    public string Fingerprint =>
        Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { Identity, Profile })).AsSpan(0, 16));

    /// <summary>What tells this checkpoint from another; computed when first asked for.</summary>
    /// <exception cref="CheckpointException">The folder's files can no longer be read.</exception>
    internal CheckpointIdentity Identity => _shared.Identity;

    /// <summary>How the checkpoint was opened.</summary>
    internal VisionLanguageModelOptions Options => _shared.Options;

    /// <summary>Opens a checkpoint folder in Hugging Face's layout, as it is on disk.</summary>
    /// <param name="directory">
    /// Holds <c>config.json</c>, <c>model.safetensors</c> or shards with their index, <c>preprocessor_config.json</c>, and usually
    /// <c>tokenizer.model</c>. Or the name of a model on the Hugging Face hub, <c>organization/name</c>, which is looked for in the cache
    /// of Hugging Face's tools; <see cref="ModelHub"/> brings it there.
    /// </param>
    /// <param name="options">Device and precision.</param>
    /// <exception cref="CheckpointException">A file is missing, damaged or cannot be read, or describes what is not implemented; the
    /// message names file and tensor.</exception>
    /// <exception cref="NotSupportedException">The device or precision cannot be had.</exception>
    public static VisionLanguageModel Load(string directory, VisionLanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = CheckpointContents.Locate(directory);
        CheckpointContents.Require(directory);
        return new VisionLanguageModel(SharedCheckpoint.Load(Path.GetFullPath(directory), options ?? new VisionLanguageModelOptions()));
    }

    /// <summary>Gives one more handle to the same weights.</summary>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    public VisionLanguageModel Share()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _shared.AddReference();
        return new VisionLanguageModel(_shared);
    }

    /// <summary>Turns queries into tokens.</summary>
    /// <param name="queries">At most one coarse query, and names that differ within a role.</param>
    /// <param name="options">What to capture.</param>
    /// <exception cref="ArgumentException">A question lacks its word or holds a special token, token ids are out of range, or names
    /// clash.</exception>
    /// <exception cref="InvalidOperationException">A query is text and the checkpoint has no tokenizer.</exception>
    public PreparedPrompt Prepare(IReadOnlyList<AttentionQuery> queries, CaptureOptions? options = null) =>
        PrepareChat(queries, options ?? new CaptureOptions(), earlier: []);

    /// <summary>Turns queries that go on with a chat into tokens.</summary>
    /// <param name="queries">As for <see cref="Prepare"/>.</param>
    /// <param name="options">What to capture.</param>
    /// <param name="earlier">What was asked and answered before, about the same image.</param>
    /// <exception cref="NotSupportedException">It is not known how chats of several questions are written for the model.</exception>
    internal PreparedPrompt PrepareChat(IReadOnlyList<AttentionQuery> queries, CaptureOptions options, IReadOnlyList<ChatTurn> earlier)
    {
        ArgumentNullException.ThrowIfNull(queries);
        options.Flow?.Validate();
        if (options.Tiles is { } tiles && !Info.HasTiles)
        {
            throw new ArgumentException(
                $"{nameof(CaptureOptions)}.{nameof(CaptureOptions.Tiles)} is {tiles.Rows} x {tiles.Columns}, but models of the family {Info.Family} do not cut images into tiles. Leave it unset.",
                nameof(options)
            );
        }

        OptionChecks.Defined(options.Views, nameof(options));
        ImageSpan? span = _shared.Images.Plan(options.Images);
        GroundingProfile profile = options.Profile is { } own ? Filled(own) : Profile;
        return _shared.CreatePromptBuilder(profile, earlier).Build(queries, options, span?.Layout);
    }

    /// <summary>Runs an image and all queries of a prompt through the model once.</summary>
    /// <param name="image">The image, of any size.</param>
    /// <param name="prompt">From <see cref="Prepare"/>.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">
    /// The prompt was prepared for another architecture, or the image has a shape that the model cannot take: much longer than wide, or
    /// padded to a canvas of more than 2^24 pixels a side.
    /// </exception>
    /// <exception cref="CheckpointException">A mapped weight file was changed since the model was opened.</exception>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    public AttentionCapture Capture(RgbImage image, PreparedPrompt prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(prompt);
        return CapturePreprocessed(Preprocess(image, prompt, cancellationToken), prompt, cancellationToken);
    }

    /// <summary>
    /// Answers all questions of a prompt about one image: image and text before the questions are read once, and the answers are generated
    /// together.
    /// </summary>
    /// <param name="image">The image, of any size.</param>
    /// <param name="prompt">From <see cref="Prepare"/>. Every query is answered; of its <see cref="PreparedPrompt.Options"/>, images and
    /// amplification count.</param>
    /// <param name="options">How to answer. Default: greedily, with at most 32 tokens an answer.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">The prompt was prepared for another architecture or for fewer layers, or an option is outside
    /// its range.</exception>
    /// <exception cref="CheckpointException">
    /// A mapped weight file was changed since the model was opened, or <c>generation_config.json</c> is to be followed and asks for what is
    /// not implemented.
    /// </exception>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    public ImageAnswers Answer(
        RgbImage image,
        PreparedPrompt prompt,
        AnswerOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(prompt);
        return AnswerPreprocessed(Preprocess(image, prompt, cancellationToken), prompt, options ?? new AnswerOptions(), cancellationToken);
    }

    /// <summary>Answers as <see cref="Answer"/> does, and hands out every token as soon as it is known.</summary>
    /// <param name="image">The image, of any size.</param>
    /// <param name="prompt">From <see cref="Prepare"/>.</param>
    /// <param name="options">How to answer. Default: greedily, with at most 32 tokens an answer.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>
    /// Tokens of all answers in turn, and each answer's end. The model works on a thread of its own while it is enumerated, and stops when
    /// the enumeration does.
    /// </returns>
    /// <exception cref="ArgumentException">As for <see cref="Answer"/>.</exception>
    /// <exception cref="CheckpointException">As for <see cref="Answer"/>.</exception>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    public IAsyncEnumerable<AnswerUpdate> AnswerAsync(
        RgbImage image,
        PreparedPrompt prompt,
        AnswerOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(prompt);
        return AnswerPreparedAsync(
            cancellation => Preprocess(image, prompt, cancellation),
            prompt,
            options ?? new AnswerOptions(),
            cancellationToken
        );
    }

    /// <summary>Answers about an image that is made ready on the model's own thread.</summary>
    /// <param name="image">Fits the image as the prompt asks for.</param>
    /// <param name="prompt">From <see cref="Prepare"/>.</param>
    /// <param name="options">How to answer.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    internal IAsyncEnumerable<AnswerUpdate> AnswerPreparedAsync(
        Func<CancellationToken, PreparedImage> image,
        PreparedPrompt prompt,
        AnswerOptions options,
        CancellationToken cancellationToken
    )
    {
        RequireOwn(prompt);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        options.Validate();
        return BackgroundStream.Run<AnswerUpdate>(
            (write, cancellation) => Generate(image(cancellation), prompt, options, write, cancellation),
            cancellationToken
        );
    }

    /// <summary>Whether prompts of the model can have a system message.</summary>
    internal bool HasSystemMessages => _shared.Prompts.SystemTurn is not null;

    /// <summary>
    /// How probable given answers are to each question about an image, such as "yes" and "no", or colors: one pass over all of them,
    /// nothing is generated.
    /// </summary>
    /// <param name="image">The image, of any size.</param>
    /// <param name="prompt">From <see cref="Prepare"/>.</param>
    /// <param name="choices">The answers, at least one, none empty.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>
    /// For each query and choice the probability that the model's answer is the choice or begins with its tokens, from 0 to 1: the product
    /// over the tokens. Choices of which one begins another are not exclusive, and what is said besides the choices has a share too, so
    /// that the sum may be anything.
    /// </returns>
    /// <exception cref="ArgumentException">There is no choice or an empty one, or the prompt was prepared for another
    /// architecture.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no tokenizer.</exception>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    public IReadOnlyList<IReadOnlyList<double>> ChoiceProbabilities(
        RgbImage image,
        PreparedPrompt prompt,
        IReadOnlyList<string> choices,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(choices);
        return ChoiceProbabilities(
            Preprocess(image, prompt, cancellationToken),
            prompt,
            ChoiceTokens(choices, prompt.Options.Profile),
            cancellationToken
        );
    }

    /// <summary>
    /// Insertion and deletion curves: how the probability of an answer rises while the pixels that a map ranks first are shown, and falls
    /// while they are hidden.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="prompt">From <see cref="Prepare"/>.</param>
    /// <param name="query">Which query the answer is to, an index into <see cref="PreparedPrompt.Queries"/>.</param>
    /// <param name="answerTokenIds">The answer's tokens, at least one, such as <see cref="MLNetGrounding.Answer.TokenIds"/>; those that
    /// stand for the image are ordinary tokens.</param>
    /// <param name="maps">
    /// Maps of the image on the prompt's grid, <c>[gridHeight, gridWidth]</c> each, of any methods; they share the model's passes over the
    /// whole and the hidden image. A map costs 126 further passes at 64 steps.
    /// </param>
    /// <param name="options">The settings. Default: EAGLE's.</param>
    /// <param name="progress">Is told the share of the passes that are done.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>The curves of each map.</returns>
    /// <exception cref="ArgumentException">There is no such query, no token, a token outside the vocabulary, or a map that is not finite or
    /// not of the grid.</exception>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    public IReadOnlyList<FaithfulnessCurves> MeasureFaithfulness(
        RgbImage image,
        PreparedPrompt prompt,
        int query,
        IReadOnlyList<int> answerTokenIds,
        IReadOnlyList<IReadOnlyList<float>> maps,
        FaithfulnessOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(maps);
        FaithfulnessMeter meter = FaithfulnessMeter(
            image,
            prompt,
            query,
            answerTokenIds,
            options ?? new FaithfulnessOptions(),
            cancellationToken
        );
        ImageGeometry geometry = Place(image.Width, image.Height, prompt);
        return meter.Measure([.. maps.Select(map => meter.StepsOf(map, geometry))], progress, cancellationToken);
    }

    /// <summary>Measures any orders of an image's pixels.</summary>
    internal FaithfulnessMeter FaithfulnessMeter(
        RgbImage image,
        PreparedPrompt prompt,
        int query,
        IReadOnlyList<int> answerTokenIds,
        FaithfulnessOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(answerTokenIds);
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(query);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(query, prompt.Suffixes.Count);
        if (answerTokenIds.Count == 0 || answerTokenIds.Any(id => id < 0 || id >= Info.VocabularySize))
        {
            throw new ArgumentException(
                $"The answer has the tokens [{string.Join(", ", answerTokenIds)}]; expected at least one, each from 0 to {Info.VocabularySize - 1}.",
                nameof(answerTokenIds)
            );
        }

        (int Query, IReadOnlyList<int> TokenIds)[] answers = [(query, answerTokenIds)];
        return new FaithfulnessMeter(image, Score, options);

        IReadOnlyList<double> Score(IReadOnlyList<RgbImage> images)
        {
            var prepared = new PreparedImage[images.Count];
            Parallel.For(0, images.Count, index => prepared[index] = Preprocess(images[index], prompt, cancellationToken));
            return [.. LogProbabilities(prepared, prompt, answers, cancellationToken).Select(each => each[0].Average(Math.Exp))];
        }
    }

    /// <summary>The probabilities of choices that are given as tokens, for an image that was fitted as the prompt asks for.</summary>
    /// <param name="image">The image.</param>
    /// <param name="prompt">The queries.</param>
    /// <param name="choices">The tokens of each choice.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <param name="fineOnly">Whether the fine queries alone are asked; others then serve the amplification.</param>
    internal double[][] ChoiceProbabilities(
        PreparedImage image,
        PreparedPrompt prompt,
        IReadOnlyList<IReadOnlyList<int>> choices,
        CancellationToken cancellationToken,
        bool fineOnly = false
    )
    {
        IEnumerable<int> queries = Enumerable
            .Range(0, prompt.Suffixes.Count)
            .Where(query => !fineOnly || prompt.Suffixes[query].Query.Role == QueryRole.Fine);
        (int Query, IReadOnlyList<int> TokenIds)[] answers = [.. queries.SelectMany(query => choices.Select(choice => (query, choice)))];
        double[] probabilities =
        [
            .. LogProbabilities([image], prompt, answers, cancellationToken)[0].Select(tokens => Math.Exp(tokens.Sum())),
        ];
        return [.. probabilities.Chunk(choices.Count)];
    }

    /// <summary>The log-probabilities of given answers to questions about images that were fitted as the prompt asks for.</summary>
    /// <param name="images">Images of the same size.</param>
    /// <param name="prompt">The queries.</param>
    /// <param name="answers">Per answer its query, by index, and its tokens.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>For each image and answer those of the answer's tokens.</returns>
    internal double[][][] LogProbabilities(
        IReadOnlyList<PreparedImage> images,
        PreparedPrompt prompt,
        IReadOnlyList<(int Query, IReadOnlyList<int> TokenIds)> answers,
        CancellationToken cancellationToken
    )
    {
        RequireOwn(prompt);
        using VisionLanguageModel inUse = Share();
        _shared.RequireUnchanged();
        double[][][] logProbabilities = _shared.Capturer.LogProbabilities(images, prompt, answers, cancellationToken);
        _shared.RequireUnchanged();
        return logProbabilities;
    }

    /// <summary>The tokens of answers as they follow the prompt.</summary>
    /// <param name="choices">The answers.</param>
    /// <param name="own">The profile that the queries were asked with; <see langword="null"/> for the model's.</param>
    internal IReadOnlyList<IReadOnlyList<int>> ChoiceTokens(IReadOnlyList<string> choices, GroundingProfile? own)
    {
        TextTokenizer tokenizer =
            _shared.Tokenizer
            ?? throw new InvalidOperationException($"{Directory} has no tokenizer, so that choices cannot be turned into tokens.");
        AnswerTokenizer answers = new(tokenizer, own is null ? Profile.Template! : Filled(own).Template!);
        return choices.Count > 0
            ? [.. choices.Select(answers.Encode)]
            : throw new ArgumentException("At least one choice was expected, found none.", nameof(choices));
    }

    /// <summary>Answers about an image that was fitted as the prompt asks for.</summary>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    internal ImageAnswers AnswerPreprocessed(
        PreparedImage image,
        PreparedPrompt prompt,
        AnswerOptions options,
        CancellationToken cancellationToken
    ) =>
        new()
        {
            Decoding = _shared.Answers.Describe(options),
            Answers = Generate(image, prompt, options, write: null, cancellationToken),
            Geometry = image.Geometry,
            Grid = image.Span.Layout.Grid,
        };

    /// <summary>
    /// Fits an image into the model's input as a prompt asks for and normalizes it, which needs no weights: a next image's can be done
    /// meanwhile.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    internal PreparedImage Preprocess(RgbImage image, PreparedPrompt prompt, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return _shared.Images.Prepare(image, prompt.Images, cancellationToken);
    }

    /// <summary>Where the pixels of an image of some size will lie on the grid of a prompt's maps.</summary>
    internal ImageGeometry Place(int imageWidth, int imageHeight, PreparedPrompt prompt) =>
        _shared.Images.Place(imageWidth, imageHeight, prompt.Images);

    /// <summary>Runs an image that was fitted as the prompt asks for.</summary>
    /// <param name="image">From <see cref="Preprocess"/>.</param>
    /// <param name="prompt">From <see cref="Prepare"/>.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <param name="memory">Gives the capture its arrays, which the next capture with it takes back; <see langword="null"/> makes new
    /// ones.</param>
    /// <exception cref="ObjectDisposedException">This handle was disposed.</exception>
    internal AttentionCapture CapturePreprocessed(
        PreparedImage image,
        PreparedPrompt prompt,
        CancellationToken cancellationToken,
        CaptureMemory? memory = null
    )
    {
        RequireOwn(prompt);
        using VisionLanguageModel inUse = Share();
        _shared.RequireUnchanged();
        long start = Stopwatch.GetTimestamp();
        AttentionCapture capture = _shared.Capturer.Capture(image, prompt, cancellationToken, memory);
        _shared.RequireUnchanged();
        CaptureMetrics.Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        return capture;
    }

    /// <summary>Gives up this handle; the weights go with the last one.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _shared.Release();
        }
    }

    private IReadOnlyList<Answer> Generate(
        PreparedImage image,
        PreparedPrompt prompt,
        AnswerOptions options,
        Action<AnswerUpdate>? write,
        CancellationToken cancellationToken
    )
    {
        RequireOwn(prompt);
        using VisionLanguageModel inUse = Share();
        _shared.RequireUnchanged();
        using AnswerRun run = _shared.Answers.Begin(image, prompt, options, cancellationToken);
        while (!run.IsComplete)
        {
            foreach (AnswerUpdate update in run.Next(cancellationToken))
            {
                write?.Invoke(update);
            }
        }

        _shared.RequireUnchanged();
        return run.Answers;
    }

    private void RequireOwn(PreparedPrompt prompt)
    {
        if (prompt.Model != Info)
        {
            throw new ArgumentException(
                $"The prompt was prepared for another architecture ({Describe(prompt.Model)}) than that of {Directory} ({Describe(Info)}). Prepare it with this model.",
                nameof(prompt)
            );
        }
    }

    /// <summary>How tokens of answers are chosen, in words.</summary>
    /// <exception cref="CheckpointException">The checkpoint's file is to be followed and asks for what is not implemented.</exception>
    internal string Describe(AnswerOptions options) => _shared.Answers.Describe(options);

    /// <summary>A profile that was given in code, with what it leaves to the checkpoint and the family.</summary>
    internal GroundingProfile Filled(GroundingProfile own) =>
        PromptSource.WithBoxes(own, _shared.Prompts) with
        {
            Template = Template(own),
        };

    /// <summary>The prompt of a profile that was given in code, with its system message.</summary>
    private string Template(GroundingProfile own) =>
        _shared.Prompts.WithSystem(own.Template ?? Profile.Template!, own.SystemMessage)
        ?? throw new ArgumentException(
            $"{nameof(CaptureOptions)}.{nameof(CaptureOptions.Profile)} has a system message, but prompts of the family {Info.Family} have none. Write the whole prompt into {nameof(GroundingProfile.Template)} instead."
        );

    private static string Describe(ModelInfo model) =>
        $"{model.Family}, {model.Layers} layers of {model.Heads} heads, width {model.Width}, {model.Grid} cells, {model.VocabularySize} tokens";
}
