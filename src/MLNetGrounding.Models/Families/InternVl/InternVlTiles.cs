using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Tiles;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>
/// The family's tiles: images are stretched to the rows and columns whose shape comes nearest to theirs, and once more, from the original,
/// to the whole view. Between the tokens of the views stands nothing.
/// </summary>
internal sealed class InternVlTiles : ITileScheme
{
    private readonly InternVlImageSettings _images;
    private readonly int _imageTokenId;
    private readonly (int Rows, int Columns)[] _candidates;

    public InternVlTiles(InternVlSettings settings, InternVlImageSettings images)
    {
        _images = images;
        _imageTokenId = settings.ImageTokenId;
        Side = settings.Vision.ImageSize;
        Cells = settings.Cells;

        // The processor's order, which decides between candidates of the same shape.
        _candidates =
        [
            .. Enumerable
                .Range(1, images.MostTiles)
                .SelectMany(columns => Enumerable.Range(1, images.MostTiles / columns).Select(rows => (Rows: rows, Columns: columns)))
                .Where(tiles => tiles.Rows * tiles.Columns >= images.FewestTiles)
                .OrderBy(tiles => tiles.Rows * tiles.Columns),
        ];
    }

    /// <inheritdoc/>
    public int Side { get; }

    /// <inheritdoc/>
    public int Cells { get; }

    /// <inheritdoc/>
    public PixelSettings Pixels => _images.Pixels;

    /// <inheritdoc/>
    public (int Rows, int Columns) Choose(int width, int height)
    {
        double shape = (double)width / height;
        (int Rows, int Columns) best = (1, 1);
        double least = double.PositiveInfinity;
        foreach ((int rows, int columns) in _candidates)
        {
            double difference = Math.Abs(shape - ((double)columns / rows));
            bool fills = (double)width * height > 0.5 * Side * Side * rows * columns;
            if (difference < least || (difference == least && fills))
            {
                (best, least) = ((rows, columns), difference);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public void Require((int Rows, int Columns) tiles)
    {
        if ((long)tiles.Rows * tiles.Columns > _images.MostTiles)
        {
            throw new ArgumentException(
                $"{tiles.Rows} x {tiles.Columns} tiles were asked for; this model takes at most {_images.MostTiles} (max_patches of its image processor).",
                nameof(tiles)
            );
        }
    }

    /// <inheritdoc/>
    public byte[] Resize(RgbImage image, ImageFit fit, (int Rows, int Columns) tiles, CancellationToken cancellationToken) =>
        ImageFitter.Resize(image, fit, tiles.Columns * Side, tiles.Rows * Side, Pixels, cancellationToken);

    /// <inheritdoc/>
    public byte[] Whole(RgbImage image, byte[] resized, ImageFit fit, (int Rows, int Columns) tiles, CancellationToken cancellationToken) =>
        ImageFitter.ResizeToSquare(image, fit, tiles.Columns * Side, tiles.Rows * Side, Side, Pixels, cancellationToken);

    /// <inheritdoc/>
    public ImageSpan Span(
        (int Rows, int Columns) tiles,
        MapGrid grid,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<(int Cell, float Share)>>> views
    ) => ImageSpan.Plain(_imageTokenId, VisualLayout.Create(grid, views.SelectMany(view => view)));
}
