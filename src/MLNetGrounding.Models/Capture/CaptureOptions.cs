using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding;

/// <summary>What <see cref="VisionLanguageModel.Capture"/> captures and how images are fitted.</summary>
public sealed record CaptureOptions
{
    /// <summary>
    /// How an image is fitted to the model's input. Default <see cref="ImageFit.Pad"/>, which loses no part of the image.
    /// </summary>
    public ImageFit Fit { get; init; } = ImageFit.Pad;

    /// <summary>
    /// The grid of the maps; images are fitted to the input that has it. Default <see langword="null"/>: <see cref="ModelInfo.Grid"/>, the
    /// only one of models whose grid is fixed.
    /// </summary>
    public MapGrid? Grid { get; init; }

    /// <summary>
    /// The tiles that every image is cut into by models that see tiles (<see cref="ModelInfo.HasTiles"/>), as rows and columns: images are
    /// fitted to their shape, and their number decides over that of visual tokens. Default <see langword="null"/>: those of
    /// <see cref="ModelInfo.Grid"/>, or those that <see cref="Grid"/> needs. With <see cref="ImageFit.Native"/> every image has its own.
    /// </summary>
    public (int Rows, int Columns)? Tiles { get; init; }

    /// <summary>Which views of a tiled image maps show. Default <see cref="MapViews.All"/>.</summary>
    public MapViews Views { get; init; }

    /// <summary>
    /// The most cells that a grid may have where the model has a choice: <see cref="Grid"/> must not be larger, and an image that keeps its
    /// own shape (<see cref="ImageFit.Native"/>) is made smaller; tiles must not have more, whoever chose them. Time and memory grow with
    /// the cells. Default 4096.
    /// </summary>
    public int MaximumCells { get; init; } = ImageRequest.DefaultMostCells;

    /// <summary>How the model is asked. Default <see langword="null"/>: <see cref="VisionLanguageModel.Profile"/>.</summary>
    public GroundingProfile? Profile { get; init; }

    /// <summary>
    /// Which row of a query is its map. Default <see langword="null"/>: what the model's <see cref="GroundingProfile"/> says.
    /// </summary>
    public QueryRow? Row { get; init; }

    /// <summary>Further rows of every query that are captured in the same pass. Default none.</summary>
    internal IReadOnlyList<QueryRow> FurtherRows { get; init; } = [];

    /// <summary>How flow matrices of the coarse query are built; <see langword="null"/> builds none. Default: the paper's.</summary>
    public CoarseFlowOptions? Flow { get; init; } = new();

    /// <summary>Whether the projected visual tokens are returned. Default <see langword="false"/>.</summary>
    public bool PatchFeatures { get; init; }

    /// <summary>Whether the logits of every suffix token are returned. Default <see langword="false"/>.</summary>
    public bool SuffixLogits { get; init; }

    /// <summary>
    /// How many decoder layers are run and captured, counted from the first; the others cost nothing, and every output has this many
    /// layers. From 1 to the model's number. Default <see langword="null"/>: all.
    /// </summary>
    public int? Layers { get; init; }

    /// <summary>
    /// Amplifies attention inside the model, or masks it off; needs a coarse query unless it names a box. Default <see langword="null"/>:
    /// attention as it is.
    /// </summary>
    public AttentionAmplification? Amplification { get; init; }

    /// <summary>
    /// The tokens before the image; <see langword="null"/> tokenizes the template's text. Default <see langword="null"/>.
    /// </summary>
    public IReadOnlyList<int>? PrefixTokenIds { get; init; }

    /// <summary>Look at every layer's attention while it exists. Default none.</summary>
    public IReadOnlyList<ILayerObserver> Observers { get; init; } = [];

    /// <summary>How images are wanted.</summary>
    internal ImageRequest Images => new(Fit, Grid, MaximumCells, Tiles, Views);
}
