using System.Collections.Concurrent;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Tiles;

/// <summary>Prepares images as tiles and a whole view.</summary>
internal sealed class TiledImagePreprocessor : IImagePreprocessor
{
    private readonly ITileScheme _scheme;
    private readonly PixelNormalizer _normalizer;
    private readonly ConcurrentDictionary<((int Rows, int Columns) Tiles, MapViews Views), ImageSpan> _spans = [];

    public TiledImagePreprocessor(ITileScheme scheme)
    {
        _scheme = scheme;
        _normalizer = scheme.Pixels.CreateNormalizer();
    }

    /// <summary>How pixels are resized and normalized.</summary>
    public PixelSettings Pixels => _scheme.Pixels;

    /// <inheritdoc/>
    public ImageSpan? Plan(ImageRequest request)
    {
        if (TileRequest.Resolve(request, (1, 1), _scheme.Cells) is not { } tiles)
        {
            return null;
        }

        Require(request, tiles);
        return TileRequest.RequireGrid(request, tiles, Span(tiles, request.Views));
    }

    /// <inheritdoc/>
    public ImageGeometry Place(int imageWidth, int imageHeight, ImageRequest request)
    {
        (int Rows, int Columns) tiles = Tiles(imageWidth, imageHeight, request);
        MapGrid grid = Grid(tiles, request.Views);
        (int width, int height) = (tiles.Columns * _scheme.Side, tiles.Rows * _scheme.Side);
        return ImageGeometry.Create(
            request.Fit,
            imageWidth,
            imageHeight,
            width,
            height,
            grid,
            (double)width / grid.Width,
            (double)height / grid.Height
        );
    }

    /// <inheritdoc/>
    public PreparedImage Prepare(RgbImage image, ImageRequest request, CancellationToken cancellationToken)
    {
        (int Rows, int Columns) tiles = Tiles(image.Width, image.Height, request);
        byte[][] views = Views(image, request.Fit, tiles, cancellationToken);
        return new PreparedImage(
            _normalizer.ToPlanes(views),
            [views.Length, 3, _scheme.Side, _scheme.Side],
            Place(image.Width, image.Height, request),
            Span(tiles, request.Views)
        );
    }

    /// <summary>
    /// The views of an image before they are normalized, <c>[side, side, 3]</c> each: tiles row by row, then the whole view where there are
    /// several.
    /// </summary>
    public byte[][] Views(RgbImage image, ImageFit fit, (int Rows, int Columns) tiles, CancellationToken cancellationToken = default)
    {
        byte[] resized = _scheme.Resize(image, fit, tiles, cancellationToken);
        return tiles == (1, 1)
            ? [resized]
            :
            [
                .. TileCutter.Cut(resized, _scheme.Side, tiles.Rows, tiles.Columns),
                _scheme.Whole(image, resized, fit, tiles, cancellationToken),
            ];
    }

    private (int Rows, int Columns) Tiles(int width, int height, ImageRequest request)
    {
        if (TileRequest.Resolve(request, (1, 1), _scheme.Cells) is { } tiles)
        {
            Require(request, tiles);
            return tiles;
        }

        (int, int) chosen = _scheme.Choose(width, height);
        TileRequest.RequireCells(request, chosen, Grid(chosen, MapViews.All), (width, height));
        return chosen;
    }

    private void Require(ImageRequest request, (int Rows, int Columns) tiles)
    {
        _scheme.Require(tiles);
        TileRequest.RequireCells(request, tiles, Grid(tiles, MapViews.All));
    }

    private MapGrid Grid((int Rows, int Columns) tiles, MapViews views) =>
        views == MapViews.Whole
            ? new MapGrid(_scheme.Cells, _scheme.Cells)
            : new MapGrid(tiles.Rows * _scheme.Cells, tiles.Columns * _scheme.Cells);

    private ImageSpan Span((int Rows, int Columns) tiles, MapViews views) =>
        _spans.GetOrAdd(
            (tiles, views),
            _ =>
            {
                MapGrid grid = Grid(tiles, views);

                // One view is both tile and whole.
                IReadOnlyList<IReadOnlyList<(int, float)>>[] shares =
                    tiles == (1, 1)
                        ?
                        [
                            [.. ViewShares.OfTile(tiles, 0, _scheme.Cells, MapViews.All)],
                        ]
                        :
                        [
                            .. Enumerable
                                .Range(0, tiles.Rows * tiles.Columns)
                                .Select(tile => ViewShares.OfTile(tiles, tile, _scheme.Cells, views).ToArray()),
                            [.. ViewShares.OfWhole(_scheme.Cells, grid, views)],
                        ];
                return _scheme.Span(tiles, grid, shares);
            }
        );
}
