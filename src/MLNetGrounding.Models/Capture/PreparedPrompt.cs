using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding;

/// <summary>Queries turned into tokens once, to be asked about any number of images.</summary>
/// <remarks>
/// Immutable; made by <see cref="VisionLanguageModel.Prepare"/> and valid for models of the same architecture, which is checked, and the
/// same tokenizer.
/// </remarks>
public sealed class PreparedPrompt
{
    internal PreparedPrompt(
        IReadOnlyList<int> prefix,
        IReadOnlyList<PreparedSuffix> suffixes,
        IReadOnlyList<QueryRow> rows,
        ModelInfo model,
        CaptureOptions options,
        VisualLayout? layout
    )
    {
        Prefix = prefix;
        Suffixes = suffixes;
        Rows = rows;
        Model = model;
        Options = options;
        Layout = layout;
        int coarse = suffixes.ToList().FindIndex(suffix => suffix.Query.Role == QueryRole.Coarse);
        Coarse = coarse < 0 ? null : suffixes[coarse];
        CoarseIndex = coarse;
        FineNames = Names(QueryRole.Fine);
        NeutralNames = Names(QueryRole.Neutral);
        BackgroundNames = Names(QueryRole.Background);
        CoarsePositions = Coarse is null || layout is null ? [] : [.. Coarse.Rows.Select(row => layout.Tokens + row)];
    }

    /// <summary>What is captured.</summary>
    public CaptureOptions Options { get; }

    /// <summary>The model that the queries were prepared for.</summary>
    public ModelInfo Model { get; }

    /// <summary>
    /// What the visual tokens show, and the grid of all maps; <see langword="null"/> where each image has its own
    /// (<see cref="ImageFit.Native"/> of a model whose grid is not fixed) and the prompt is not yet that of an image.
    /// </summary>
    public VisualLayout? Layout { get; }

    /// <summary>All queries in the order in which they were given.</summary>
    public IReadOnlyList<AttentionQuery> Queries => [.. Suffixes.Select(suffix => suffix.Query)];

    /// <summary>Names of the fine queries, in the order of the first dimension of <see cref="AttentionCapture.FineAttention"/>.</summary>
    public IReadOnlyList<string> FineNames { get; }

    /// <summary>Names of the neutral queries.</summary>
    public IReadOnlyList<string> NeutralNames { get; }

    /// <summary>Names of the background queries.</summary>
    public IReadOnlyList<string> BackgroundNames { get; }

    /// <summary>Name of the coarse query, or <see langword="null"/> without one.</summary>
    public string? CoarseName => Coarse?.Query.Name;

    /// <summary>
    /// Number of tokens, m, from the first visual token to the last coarse token: the side of a flow matrix. 0 without a coarse query, and
    /// where <see cref="Layout"/> is not known.
    /// </summary>
    public int FlowTokens => CoarsePositions.Count == 0 ? 0 : CoarsePositions[^1] + 1;

    /// <summary>Rows of the coarse word's sub-tokens inside a flow matrix, ascending.</summary>
    public IReadOnlyList<int> CoarsePositions { get; }

    /// <summary>The tokens that a query is asked with; the token of the image stands once, for all that show it.</summary>
    /// <param name="query">The query's name.</param>
    /// <exception cref="ArgumentException">There is no such query.</exception>
    public IReadOnlyList<int> TokenIdsOf(string query) => [.. Prefix, Model.ImageTokenId, .. SuffixOf(query).TokenIds];

    /// <summary>Which of <see cref="TokenIdsOf"/> are what the query asks about: where the rows of its map are taken.</summary>
    /// <param name="query">The query's name.</param>
    /// <exception cref="ArgumentException">There is no such query.</exception>
    public IReadOnlyList<int> AskedPositionsOf(string query) => [.. SuffixOf(query).Rows.Select(row => Prefix.Count + 1 + row)];

    /// <summary>The same questions with attention amplified otherwise: for a box that differs from image to image.</summary>
    /// <param name="amplification">How; <see langword="null"/> for attention as it is.</param>
    /// <exception cref="ArgumentException">An option does not fit the model or the queries.</exception>
    public PreparedPrompt WithAmplification(AttentionAmplification? amplification)
    {
        amplification?.Validate(Model, Options.Layers, Coarse is not null);
        return With(Options with { Amplification = amplification });
    }

    internal IReadOnlyList<int> Prefix { get; }

    internal IReadOnlyList<PreparedSuffix> Suffixes { get; }

    /// <summary>Which rows of a query are captured: first the one that <see cref="CaptureOptions.Row"/> or the profile says.</summary>
    internal IReadOnlyList<QueryRow> Rows { get; }

    internal PreparedSuffix? Coarse { get; }

    internal int CoarseIndex { get; }

    /// <summary>How images are wanted.</summary>
    internal ImageRequest Images => Options.Images;

    /// <summary>Number of tokens that stand for the image, from the first visual token to the last.</summary>
    internal int VisualTokens => RequireLayout().Tokens;

    /// <summary>The grid of all maps.</summary>
    internal MapGrid Grid => RequireLayout().Grid;

    /// <summary>How many decoder layers are run.</summary>
    internal int Layers => Options.Layers ?? Model.Layers;

    /// <summary>Whether flow matrices are built: there is a coarse query and <see cref="CaptureOptions.Flow"/> asks for them.</summary>
    internal CoarseFlowOptions? Flow => Coarse is null ? null : Options.Flow;

    /// <summary>The same tokens, asked for something else; what is asked for does not change how they are read.</summary>
    internal PreparedPrompt With(CaptureOptions options) => new(Prefix, Suffixes, Rows, Model, options, Layout);

    /// <summary>The same tokens of the queries of some roles.</summary>
    internal PreparedPrompt With(Func<QueryRole, bool> roles, CaptureOptions options) =>
        new(Prefix, [.. Suffixes.Where(suffix => roles(suffix.Query.Role))], Rows, Model, options, Layout);

    /// <summary>The same queries, of which the rows of their last tokens are read, for some observers.</summary>
    internal PreparedPrompt AtLastTokens(IReadOnlyList<ILayerObserver> observers) =>
        new(
            Prefix,
            [.. Suffixes.Select(suffix => suffix with { RowSets = [observers.Count == 0 ? [] : [suffix.TokenIds.Count - 1]] })],
            observers.Count == 0 ? [] : [QueryRow.LastPromptToken],
            Model,
            new CaptureOptions { Flow = null, Observers = observers },
            Layout
        );

    /// <summary>The queries with answers behind them, each a query of its own of which no row is read.</summary>
    /// <param name="answers">Per answer its query, by index, and its tokens.</param>
    internal PreparedPrompt Answered(IReadOnlyList<(int Query, IReadOnlyList<int> TokenIds)> answers) =>
        new(
            Prefix,
            [
                .. answers.Select(answer => new PreparedSuffix(
                    Suffixes[answer.Query].Query with
                    {
                        Role = QueryRole.Fine,
                    },
                    [.. Suffixes[answer.Query].TokenIds, .. answer.TokenIds],
                    [
                        [],
                    ]
                )),
            ],
            [],
            Model,
            new CaptureOptions { Flow = null },
            Layout
        );

    /// <summary>Other queries beside some of these, asked for the same.</summary>
    /// <param name="queries">The other queries, each with its own tokens and sets of rows.</param>
    /// <param name="kept">Which roles of the present queries stay.</param>
    internal PreparedPrompt With(IEnumerable<PreparedSuffix> queries, Func<QueryRole, bool> kept) =>
        new(Prefix, [.. queries, .. Suffixes.Where(suffix => kept(suffix.Query.Role))], Rows, Model, Options, Layout);

    /// <summary>Some of the queries.</summary>
    /// <param name="queries">Their indices.</param>
    internal PreparedPrompt Of(IReadOnlyList<int> queries) =>
        new(Prefix, [.. queries.Select(query => Suffixes[query])], Rows, Model, Options, Layout);

    /// <summary>The same queries as asked of one image.</summary>
    internal PreparedPrompt Of(VisualLayout layout) => layout.Equals(Layout) ? this : new(Prefix, Suffixes, Rows, Model, Options, layout);

    /// <summary>Number of elements of the flow matrices of some layers.</summary>
    /// <exception cref="ArgumentException">There are more than an array has.</exception>
    internal int FlowLength(int layers)
    {
        long length = (long)layers * FlowTokens * FlowTokens;
        return length <= Array.MaxLength
            ? (int)length
            : throw new ArgumentException(
                $"The word of the coarse query '{CoarseName}' ends {FlowTokens} tokens after the first visual token, so that the flow matrices of {layers} layers would hold {length} numbers; expected at most {Array.MaxLength}. Ask a shorter question, or run fewer layers."
            );
    }

    /// <summary>Number of elements of the maps of some queries in some layers.</summary>
    /// <exception cref="ArgumentException">There are more than an array has.</exception>
    internal int MapLength(int queries, int layers)
    {
        long length = (long)layers * Model.Heads * Grid.Cells * queries;
        return length <= Array.MaxLength
            ? (int)length
            : throw new ArgumentException(
                $"The maps of {queries} queries in {layers} layers of {Model.Heads} heads and {Grid} cells would hold {length} numbers; expected at most {Array.MaxLength}. Ask fewer queries at a time, or a smaller grid where the model has a choice."
            );
    }

    /// <summary>
    /// Refuses a prompt that is longer than the model was made for: its positions, and what its attention reaches, would be others.
    /// </summary>
    /// <param name="imageTokens">Number of tokens that stand for the image.</param>
    /// <exception cref="ArgumentException">The prompt is too long.</exception>
    internal void RequireContext(int imageTokens)
    {
        PreparedSuffix longest = Suffixes.MaxBy(suffix => suffix.TokenIds.Count)!;
        int tokens = Prefix.Count + imageTokens + longest.TokenIds.Count;
        if (tokens > Model.LongestPrompt)
        {
            throw new ArgumentException(
                $"Query '{longest.Query.Name}' and the image make a prompt of {tokens} tokens; this model takes at most {Model.LongestPrompt}. Ask a shorter question, or a smaller grid where the model has a choice."
            );
        }
    }

    private PreparedSuffix SuffixOf(string query) =>
        Suffixes.FirstOrDefault(suffix => suffix.Query.Name == query)
        ?? throw new ArgumentException(
            $"There is no query '{query}', only: {string.Join(", ", Suffixes.Select(suffix => suffix.Query.Name))}.",
            nameof(query)
        );

    private VisualLayout RequireLayout() =>
        Layout
        ?? throw new InvalidOperationException(
            $"With {nameof(ImageFit)}.{nameof(ImageFit.Native)} every image has its own grid, which is known when it is captured."
        );

    private string[] Names(QueryRole role) => [.. Suffixes.Where(suffix => suffix.Query.Role == role).Select(suffix => suffix.Query.Name)];
}
