using System.Collections.Concurrent;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Tiles;

/// <summary>Prepares images as a whole view and the tiles of one of several resolutions.</summary>
internal sealed class AnyresPreprocessor(AnyresSettings settings) : IImagePreprocessor
{
    private readonly PixelNormalizer _normalizer = settings.Pixels.CreateNormalizer();
    private readonly ConcurrentDictionary<(AnyresArrangement Arrangement, MapViews Views), ImageSpan> _spans = [];

    /// <summary>How pixels are resized and normalized.</summary>
    public PixelSettings Pixels => settings.Pixels;

    /// <inheritdoc/>
    public ImageSpan? Plan(ImageRequest request) =>
        Tiles(request) is { } tiles ? TileRequest.RequireGrid(request, tiles, Span(Arrange(tiles, request), request.Views)) : null;

    /// <inheritdoc/>
    public ImageGeometry Place(int imageWidth, int imageHeight, ImageRequest request) =>
        Place(imageWidth, imageHeight, request, Arrange(imageWidth, imageHeight, request));

    /// <inheritdoc/>
    public PreparedImage Prepare(RgbImage image, ImageRequest request, CancellationToken cancellationToken)
    {
        AnyresArrangement arrangement = Arrange(image.Width, image.Height, request);
        byte[][] views = Views(image, request.Fit, arrangement, cancellationToken);
        return new AnyresImage(
            _normalizer.ToPlanes(views),
            [views.Length, 3, settings.Side, settings.Side],
            Place(image.Width, image.Height, request, arrangement),
            Span(arrangement, request.Views),
            arrangement
        );
    }

    private (int Rows, int Columns)? Tiles(ImageRequest request) =>
        TileRequest.Resolve(request, settings.DefaultTiles, settings.Cells) is not { } tiles ? null
        : settings.Has(tiles) ? tiles
        : throw new ArgumentException(
            $"{tiles.Rows} x {tiles.Columns} tiles were asked for; this model has resolutions of {settings.Describe()} tiles only (image_grid_pinpoints).",
            nameof(request)
        );

    private AnyresArrangement Arrange(int width, int height, ImageRequest request)
    {
        if (Tiles(request) is { } tiles)
        {
            return Arrange(tiles, request);
        }

        (int, int) chosen = settings.Choose(width, height);
        var arrangement = AnyresArrangement.Of(chosen, settings, (width, height));
        TileRequest.RequireCells(request, chosen, arrangement.Grid, (width, height));
        return arrangement;
    }

    private AnyresArrangement Arrange((int Rows, int Columns) tiles, ImageRequest request)
    {
        var arrangement = AnyresArrangement.Of(tiles, settings);
        TileRequest.RequireCells(request, tiles, arrangement.Grid);
        return arrangement;
    }

    /// <summary>The whole view and the tiles before they are normalized, <c>[side, side, 3]</c> each.</summary>
    private byte[][] Views(RgbImage image, ImageFit fit, AnyresArrangement arrangement, CancellationToken cancellationToken)
    {
        (int width, int height, int side) = (arrangement.Columns * settings.Side, arrangement.Rows * settings.Side, settings.Side);
        byte[] whole = ImageFitter.ResizeToSquare(image, fit, width, height, side, settings.Pixels, cancellationToken);
        byte[] tiles =
            fit == ImageFit.Native
                ? Inside(image, width, height, cancellationToken)
                : ImageFitter.Resize(image, fit, width, height, settings.Pixels, cancellationToken);
        return [whole, .. TileCutter.Cut(tiles, side, arrangement.Rows, arrangement.Columns)];
    }

    /// <summary>The image in the middle of black, as large as it can be.</summary>
    private byte[] Inside(RgbImage image, int width, int height, CancellationToken cancellationToken)
    {
        (int innerWidth, int innerHeight) = InnerSize(image.Width, image.Height, width, height);
        RgbImage inner = new(
            innerWidth,
            innerHeight,
            Resampler.Resize(Canvas.Of(image), innerWidth, innerHeight, settings.Pixels.Filter, cancellationToken)
        );
        var canvas = Canvas.Center(inner, width, height, default);
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            canvas.CopyRow(y, pixels.AsSpan(3 * y * width, 3 * width));
        }

        return pixels;
    }

    /// <summary>One edge as long as that of the resolution, the other in proportion, rounded up.</summary>
    private static (int Width, int Height) InnerSize(int imageWidth, int imageHeight, int width, int height)
    {
        double horizontal = (double)width / imageWidth;
        double vertical = (double)height / imageHeight;
        return horizontal < vertical
            ? (width, Math.Min((int)Math.Ceiling(imageHeight * horizontal), height))
            : (Math.Min((int)Math.Ceiling(imageWidth * vertical), width), height);
    }

    private ImageGeometry Place(int imageWidth, int imageHeight, ImageRequest request, AnyresArrangement arrangement)
    {
        (int width, int height, int cells) = (arrangement.Columns * settings.Side, arrangement.Rows * settings.Side, settings.Cells);
        if (request.Views == MapViews.Whole)
        {
            // The whole view's cells end where its patches do, in its own stretched pixels.
            double share = (double)settings.PatchSize / settings.Side;
            return ImageGeometry.Create(
                request.Fit,
                imageWidth,
                imageHeight,
                width,
                height,
                new MapGrid(cells, cells),
                width * share,
                height * share
            );
        }

        double keptWidth = arrangement.KeptColumns * Pitch(arrangement.Columns);
        double keptHeight = arrangement.KeptRows * Pitch(arrangement.Rows);
        MapGrid grid = arrangement.Grid;
        if (request.Fit != ImageFit.Native)
        {
            return ImageGeometry.Create(
                request.Fit,
                imageWidth,
                imageHeight,
                width,
                height,
                grid,
                keptWidth / grid.Width,
                keptHeight / grid.Height
            );
        }

        // The grid begins after the cells that were left out.
        (int innerWidth, int innerHeight) = InnerSize(imageWidth, imageHeight, width, height);
        return ImageGeometry.Place(
            imageWidth,
            imageHeight,
            (int)Math.Ceiling(keptWidth),
            (int)Math.Ceiling(keptHeight),
            ((double)innerWidth / imageWidth, (double)innerHeight / imageHeight),
            (
                ((width - innerWidth) / 2) - (arrangement.CutColumns * Pitch(arrangement.Columns)),
                ((height - innerHeight) / 2) - (arrangement.CutRows * Pitch(arrangement.Rows))
            ),
            grid,
            keptWidth / grid.Width,
            keptHeight / grid.Height
        );
    }

    /// <summary>
    /// The pixels along an axis that a cell shows. Patches that do not fill a tile leave its last pixels unseen: of one tile they are left
    /// out, between tiles they count as the cells'.
    /// </summary>
    private double Pitch(int tiles) => tiles == 1 ? settings.PatchSize : (double)settings.Side / settings.Cells;

    private ImageSpan Span(AnyresArrangement arrangement, MapViews views) =>
        _spans.GetOrAdd(
            (arrangement, views),
            _ =>
            {
                MapGrid grid = views == MapViews.Whole ? new MapGrid(settings.Cells, settings.Cells) : arrangement.Grid;
                List<IReadOnlyList<(int, float)>> tokens = [.. ViewShares.OfWhole(settings.Cells, grid, views)];
                for (int row = 0; row < arrangement.Grid.Height; row++)
                {
                    for (int column = 0; column < arrangement.Grid.Width; column++)
                    {
                        tokens.Add(views == MapViews.Whole ? [] : [((row * grid.Width) + column, 1f)]);
                    }

                    // The newline.
                    tokens.Add([]);
                }

                return ImageSpan.Plain(settings.ImageTokenId, VisualLayout.Create(grid, tokens));
            }
        );
}
