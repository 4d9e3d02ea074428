namespace MLNetGrounding.Models.Abstractions;

/// <summary>How images are wanted: what decides over the number of visual tokens and over the grid.</summary>
/// <param name="Fit">How an image is fitted to the model's input.</param>
/// <param name="Grid">The grid that maps shall have; <see langword="null"/> for the model's own.</param>
/// <param name="MostCells">The most cells that a grid may have where the model has a choice.</param>
/// <param name="Tiles">The tiles that every image is cut into; <see langword="null"/> for the model's own choice.</param>
/// <param name="Views">Which views of a tiled image maps show.</param>
internal sealed record ImageRequest(
    ImageFit Fit,
    MapGrid? Grid,
    int MostCells = ImageRequest.DefaultMostCells,
    (int Rows, int Columns)? Tiles = null,
    MapViews Views = MapViews.All
)
{
    /// <summary>The most cells of a grid unless an option says otherwise.</summary>
    public const int DefaultMostCells = 4096;
}
