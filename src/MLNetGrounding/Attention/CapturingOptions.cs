using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.Attention;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding;

/// <summary>The model and the questions: what the components have in common that run a model.</summary>
/// <remarks>
/// A saved model holds the columns as they stand here, the questions as tokens, and the model as its location and identity
/// (<see cref="CheckpointLocator"/>). The class is closed, as <see cref="ComponentOptions"/> is.
/// </remarks>
public abstract class CapturingOptions : ComponentOptions
{
    private const int MostReadAhead = 1_000;

    private protected CapturingOptions() { }

    /// <summary>The checkpoint folder to open. Either this or <see cref="Model"/> is set. Default <see langword="null"/>.</summary>
    [JsonIgnore]
    public string? ModelDirectory { get; set; }

    /// <summary>
    /// An open model to share; it stays the caller's to dispose, and may be disposed while transformers still use its weights.
    /// Default <see langword="null"/>.
    /// </summary>
    [JsonIgnore]
    public VisionLanguageModel? Model { get; set; }

    /// <summary>
    /// Device and precision for <see cref="ModelDirectory"/>. Default <see langword="null"/>: the GPU that
    /// <see cref="Microsoft.ML.MLContext.GpuDeviceId"/> names, else the CPU. A saved model keeps the precision; the device is chosen anew
    /// by the context that loads it.
    /// </summary>
    [JsonIgnore]
    public VisionLanguageModelOptions? ModelOptions { get; set; }

    /// <summary>
    /// The fine words to look for, such as "wheel" and "door", each asked about with the question that the model's
    /// <see cref="GroundingProfile"/> has for it. Required, unless <see cref="Queries"/> are given: no profile names words to look for.
    /// Default: none.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Words { get; set; } = [];

    /// <summary>
    /// The word for the whole object, such as "car". Default <see langword="null"/>: that of the model's <see cref="GroundingProfile"/>;
    /// empty: none, whatever the profile names. Without an object there is no coarse query, there are no columns of one, and questions name
    /// no object.
    /// </summary>
    [JsonIgnore]
    public string? Object { get; set; }

    /// <summary>
    /// The question that is asked about each word of <see cref="Words"/>, with <c>{word}</c> for the word and, where there is an object,
    /// <c>{object}</c> for it: <c>Which part of the {object} is its {word}?</c> Default <see langword="null"/>: the questions of the
    /// model's <see cref="GroundingProfile"/>.
    /// </summary>
    [JsonIgnore]
    public string? Question { get; set; }

    /// <summary>
    /// All queries, instead of <see cref="Words"/> and <see cref="Object"/>: with questions of one's own, or as token ids.
    /// Default <see langword="null"/>.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<AttentionQuery>? Queries { get; set; }

    /// <summary>What is captured and how images are fitted. Default: all defaults. Each component says what of it may be set.</summary>
    [JsonIgnore]
    public CaptureOptions Capture { get; set; } = new();

    /// <summary>
    /// About how many cells maps have, instead of <see cref="CaptureOptions.Grid"/>: the grid is <see cref="MapGrid.OfCells"/> of this
    /// number and <see cref="Aspect"/>. Default <see langword="null"/>: the model's own grid, or where <see cref="Aspect"/> is given, as
    /// many cells as that has.
    /// </summary>
    [JsonIgnore]
    public int? Cells { get; set; }

    /// <summary>
    /// The shape of the grid, as width over height of the images: a number such as <c>1.5</c>, two such as <c>16:9</c>, or the path of an
    /// image that has it. Default <see langword="null"/>: square, where <see cref="Cells"/> is given.
    /// </summary>
    [JsonIgnore]
    public string? Aspect { get; set; }

    /// <summary>
    /// How many rows are read ahead at most: their images are decoded and resized, and the columns that pass through are copied, on another
    /// thread while the model works on a row. Values, order and row ids are the same whatever it is. Default 2: one row that is ready when
    /// the model is, and one that makes up for an image that takes longer to read; each costs the copies and the resized pixels, 1.4 MB at
    /// LLaVA 1.5's 336 x 336. 0 reads nothing ahead; at most 1,000. Nothing is read ahead either while no output is read that needs the
    /// model, or where a column passes through that is neither an image nor of ML.NET's own value types.
    /// </summary>
    /// <remarks>
    /// Rows are read together, not run together: an image with its questions is 600 to 750 tokens at LLaVA 1.5's 24 x 24 cells, which
    /// fills a device by itself, and one image per forward pass keeps a row's values independent of its neighbors to the bit.
    /// </remarks>
    public int ReadAhead { get; set; } = Defaults.ReadAhead;

    /// <summary>Ends the computation between two layers of a row. Default: never.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Input: the images; <see langword="null"/> images get NaN outputs. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = GroundingColumns.Image;

    /// <summary>
    /// Output: where the image's pixels lie in the model's input, <see cref="ImageGeometry.Length"/> floats in the order given there.
    /// Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; set; } = GroundingColumns.Geometry;

    /// <summary>Whether there is a coarse query.</summary>
    internal bool HasCoarse => Queries is null ? ObjectWord is not null : !Lacks(QueryRole.Coarse);

    /// <summary>Whether there is a fine query.</summary>
    internal bool HasFine => Queries is null ? Words.Count > 0 : !Lacks(QueryRole.Fine);

    /// <summary>The word for the whole object: as stated, else the profile's, which is read before the model is opened.</summary>
    private string? ObjectWord =>
        Object switch
        {
            null => (Capture.Profile ?? Model?.Profile ?? ProfileOf(Folder))?.Object,
            _ when string.IsNullOrWhiteSpace(Object) => null,
            _ => Object,
        };

    /// <summary>The folder of <see cref="ModelDirectory"/>, which may be the name of a model in the cache.</summary>
    private string? Folder => ModelDirectory is { } directory ? CheckpointContents.Locate(directory) : null;

    private static GroundingProfile? ProfileOf(string? directory) =>
        Directory.Exists(directory) ? GroundingProfileFile.ReadOrDefault(directory) : null;

    /// <summary>The queries as stated, else those of the words, and the model's own of all other roles.</summary>
    private protected IReadOnlyList<AttentionQuery> StatedQueries =>
        Queries
        ??
        [
            .. ObjectWord is { } word ? (AttentionQuery[])[AttentionQuery.Coarse(word)] : [],
            .. Words.Select(AttentionQuery.Fine),
            AttentionQuery.Neutral(),
            AttentionQuery.Background(),
        ];

    /// <summary>A model is stated when a component is made anew; of a saved one it is found by what was saved.</summary>
    /// <exception cref="ArgumentException">There is no model, or there are two.</exception>
    internal void CheckModel()
    {
        if (ModelDirectory is null == Model is null)
        {
            throw new ArgumentException($"Set either {nameof(ModelDirectory)} or {nameof(Model)} of {GetType().Name}.");
        }
    }

    /// <summary>
    /// How the model is asked: where there shall be no object, the profile's is left out of the questions too, and a question that is
    /// stated takes the place of all that the profile has for words.
    /// </summary>
    internal CaptureOptions Asked(CaptureOptions capture, VisionLanguageModel model)
    {
        bool withoutObject = Object is not null && ObjectWord is null;
        if (Queries is not null || (!withoutObject && Question is null))
        {
            return capture;
        }

        GroundingProfile profile = capture.Profile ?? model.Profile;
        profile = withoutObject ? profile with { Object = null } : profile;
        profile = Question is null ? profile : profile with { Question = Question, Questions = new Dictionary<string, string>() };
        return capture with { Profile = profile };
    }

    /// <summary>Whether queries are stated and none has this role, so that what depends on it cannot be made.</summary>
    internal bool Lacks(QueryRole role) => Queries?.Any(query => query.Role == role) == false;

    internal InputColumn ImageInput(string component) => new(component, nameof(ImageColumnName), ImageColumnName, new ImageDataViewType());

    /// <summary>Whether anything is asked in words, and not as token ids alone.</summary>
    private bool AsksInWords => Capture.PrefixTokenIds is null || Queries is null || Queries.Any(query => query.TokenIds is null);

    /// <summary>
    /// What of the options depends on the model: <see cref="CapturingOptions.Cells"/> and <see cref="CapturingOptions.Aspect"/> become a
    /// grid.
    /// </summary>
    /// <exception cref="ArgumentException">The aspect ratio cannot be read, or there is no such grid.</exception>
    internal CaptureOptions WithGrid(CaptureOptions capture, ModelInfo model) =>
        Cells is null && Aspect is null
            ? capture
            : capture with
            {
                Grid = MapGrid.OfCells(Cells ?? model.Grid.Cells, AspectRatioOf(Aspect)),
            };

    /// <summary>
    /// Makes a transformer with the model that the options name, which it takes over; where it cannot be made, the model is given up.
    /// </summary>
    internal TTransformer WithModel<TTransformer>(IHostEnvironment environment, Func<VisionLanguageModel, TTransformer> create)
    {
        if (Folder is { } directory)
        {
            CheckpointContents.Require(directory, AsksInWords);
        }

        VisionLanguageModel model =
            Model?.Share()
            ?? (ModelOptions is { } settings ? VisionLanguageModel.Load(Folder!, settings) : HostModel.Open(environment, Folder!));
        try
        {
            if (AsksInWords && model.HasTokenizer)
            {
                using IChannel channel = environment.Start(nameof(VisionLanguageModel));
                channel.Info(
                    MessageSensitivity.None,
                    $"{model.Info.Family} model {Path.GetFileName(model.Directory)}: the prompt template is {model.TemplateOrigin}."
                );
                WarnOfUnknownWords(channel, Capture.Profile ?? model.Profile);
            }

            return create(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A profile that has questions by word was made for these words; any other word may mean nothing to the model.</summary>
    private void WarnOfUnknownWords(IChannel channel, GroundingProfile profile)
    {
        string[] unknown =
        [
            .. (Queries ?? [.. Words.Select(AttentionQuery.Fine)])
                .Where(query =>
                    query is { Role: QueryRole.Fine, Word: not null, Question: null, TokenIds: null }
                    && !profile.Questions.ContainsKey(query.Word)
                    && query.Word != profile.Object
                )
                .Select(query => $"'{query.Word}'"),
        ];
        if (Question is null && profile.Questions.Count > 0 && unknown.Length > 0)
        {
            channel.Warning(
                MessageSensitivity.UserData,
                $"The model's profile has no question for {string.Join(", ", unknown)}, so that the model may not know what that is; "
                    + $"asked is \"{profile.Question}\". It has questions for: {string.Join(", ", profile.Questions.Keys)}."
            );
        }
    }

    private protected override void CopyLists()
    {
        ArgumentNullException.ThrowIfNull(Words);
        Words = [.. Words];
        Queries = Queries?.ToArray();
    }

    private protected override void CheckValues()
    {
        ArgumentNullException.ThrowIfNull(Capture);
        if (Cells <= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Cells),
                $"{nameof(Cells)} is {Cells}; a number of cells, at least 1, was expected."
            );
        }

        if (Capture.Grid is { } grid && (Cells is not null || Aspect is not null))
        {
            throw new ArgumentException(
                $"{nameof(CaptureOptions)}.{nameof(CaptureOptions.Grid)} is {grid}, and {nameof(Cells)} or {nameof(Aspect)} ask for a grid too. Set either."
            );
        }

        ArgumentOutOfRangeException.ThrowIfNegative(ReadAhead);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReadAhead, MostReadAhead);
        if (Queries is null)
        {
            CheckWords();
        }

        CheckQuestion();
    }

    private void CheckQuestion()
    {
        if (Question is null)
        {
            return;
        }

        string? problem =
            Queries is not null ? $"{nameof(Queries)} are stated, each with a question of its own. Leave {nameof(Question)} unset"
            : !Question.Contains(GroundingProfile.WordPlaceholder, StringComparison.Ordinal)
                ? $"it does not say where the word stands. Put {GroundingProfile.WordPlaceholder} there"
            : Question.Contains(GroundingProfile.ObjectPlaceholder, StringComparison.Ordinal) && ObjectWord is null
                ? $"there is no object. Name one in {nameof(Object)}, or leave {GroundingProfile.ObjectPlaceholder} out of the question"
            : null;
        if (problem is not null)
        {
            throw new ArgumentException($"{nameof(Question)} is '{Question}', but {problem}.", nameof(Question));
        }
    }

    private void CheckWords()
    {
        if (Words.Count == 0)
        {
            throw new ArgumentException(
                $"{nameof(Words)} of {GetType().Name} is empty. "
                    + $"Name the words to look for, such as [\"wheel\", \"door\"], or give whole {nameof(Queries)}.",
                nameof(Words)
            );
        }

        if (Words.Any(string.IsNullOrWhiteSpace) || Words.Distinct(StringComparer.Ordinal).Count() < Words.Count)
        {
            throw new ArgumentException(
                $"{nameof(Words)} of {GetType().Name} must each be given once and not be empty; "
                    + $"they are: {string.Join(", ", Words.Select(word => $"'{word}'"))}.",
                nameof(Words)
            );
        }
    }

    private static double AspectRatioOf(string? aspect)
    {
        if (aspect is null)
        {
            return 1;
        }

        if (AspectRatio.TryParse(aspect, out double ratio))
        {
            return ratio;
        }

        try
        {
            return ImageFile.AspectRatio(aspect);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new ArgumentException(
                $"{nameof(Aspect)} is '{aspect}', but neither a number such as 1.5, nor two such as 16:9, nor the path of an image: {exception.Message}",
                nameof(aspect)
            );
        }
    }

    internal static class Defaults
    {
        public const int ReadAhead = 2;
    }
}
