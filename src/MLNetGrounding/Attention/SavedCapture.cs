using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Attention;

/// <summary>
/// A checkpoint and what is asked of it, as a saved model holds them: token for token, so that a loaded model asks the very same, and knows
/// the shape of the answer before the checkpoint is found.
/// </summary>
internal sealed record SavedCapture
{
    public required SavedCheckpoint Checkpoint { get; init; }

    /// <summary>The tokens before the image.</summary>
    public required IReadOnlyList<int> PrefixTokenIds { get; init; }

    /// <summary>Which rows of every query are read.</summary>
    public required IReadOnlyList<QueryRow> Rows { get; init; }

    /// <summary>The queries, with their token ids.</summary>
    public required IReadOnlyList<SavedQuery> Queries { get; init; }

    public required ImageFit Fit { get; init; }

    /// <summary>The grid that was asked for; <see langword="null"/> for the model's own.</summary>
    public MapGrid? Grid { get; init; }

    /// <summary>Rows and columns of the tiles that were asked for; <see langword="null"/> for the model's own.</summary>
    public MapGrid? Tiles { get; init; }

    /// <summary>Which views of tiled images maps show.</summary>
    public MapViews Views { get; init; }

    /// <summary>The most cells that a grid may have.</summary>
    public int MaximumCells { get; init; } = new CaptureOptions().MaximumCells;

    /// <summary>What the visual tokens show.</summary>
    public required SavedLayout Layout { get; init; }

    public CoarseFlowOptions? Flow { get; init; }

    public int? Layers { get; init; }

    public AttentionAmplification? Amplification { get; init; }

    /// <exception cref="NotSupportedException">The options hold observers, which are code and cannot be saved.</exception>
    public static SavedCapture Of(string component, ModelSource model, PreparedPrompt prompt) =>
        prompt.Options.Observers.Count == 0
            ? new SavedCapture
            {
                Checkpoint = model.ToSaved(),
                PrefixTokenIds = prompt.Prefix,
                Rows = prompt.Rows,
                Queries = [.. prompt.Suffixes.Select(SavedQuery.Of)],
                Fit = prompt.Options.Fit,
                Grid = prompt.Options.Grid,
                MaximumCells = prompt.Options.MaximumCells,
                Tiles = prompt.Options.Tiles is { } tiles ? new MapGrid(tiles.Rows, tiles.Columns) : null,
                Views = prompt.Options.Views,
                Layout = SavedLayout.Of(prompt.Layout!),
                Flow = prompt.Options.Flow,
                Layers = prompt.Options.Layers,
                Amplification = prompt.Options.Amplification,
            }
            : throw new NotSupportedException(
                $"{component} cannot be saved: {nameof(CaptureOptions)}.{nameof(CaptureOptions.Observers)} holds {string.Join(", ", prompt.Options.Observers.Select(observer => observer.GetType().Name))}, and code is not saved. Build the pipeline without observers to save it."
            );

    /// <summary>What to capture.</summary>
    public CaptureOptions ToOptions() =>
        new()
        {
            Fit = Fit,
            Grid = Grid,
            MaximumCells = MaximumCells,
            Tiles = Tiles is { } tiles ? (tiles.Height, tiles.Width) : null,
            Views = Views,
            Row = Rows.Count > 0 ? Rows[0] : null,
            FurtherRows = [.. Rows.Skip(1)],
            Flow = Flow,
            Layers = Layers,
            Amplification = Amplification,
            PrefixTokenIds = PrefixTokenIds,
        };

    /// <summary>The prompt, made without the checkpoint.</summary>
    /// <exception cref="ArgumentException">The tokens are not of this checkpoint, or names clash.</exception>
    /// <exception cref="SavedModelException">What is said about the checkpoint, or about the rows of a query, is out of range.</exception>
    /// <exception cref="InvalidOperationException">A query has no tokens.</exception>
    public PreparedPrompt ToPrompt()
    {
        Checkpoint.Check();
        Flow?.Validate();
        CaptureOptions options = ToOptions();
        PreparedPrompt prompt = new PromptBuilder(
            Checkpoint.Model,
            new GroundingProfile(),
            imageToken: "",
            tokenizer: null,
            Checkpoint.Name
        ).Build([.. Queries.Select(saved => saved.Query)], options, Layout.ToLayout());
        return new PreparedPrompt(
            prompt.Prefix,
            [.. Queries.Select(saved => saved.ToSuffix(Rows.Count))],
            Rows,
            prompt.Model,
            options,
            prompt.Layout
        );
    }
}
