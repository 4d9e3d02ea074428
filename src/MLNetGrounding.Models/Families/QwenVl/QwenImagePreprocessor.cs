using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>Fits images to a grid of cells, or lets them keep their shape, and cuts them into patches.</summary>
/// <remarks>Patches follow each other cell by cell, and row by row within a cell, so that those of a cell are neighbors.</remarks>
internal sealed class QwenImagePreprocessor(QwenVlSettings settings, QwenImageSettings images) : IImagePreprocessor
{
    private readonly PixelNormalizer _normalizer = images.Pixels.CreateNormalizer();
    private readonly QwenVisionSettings _vision = settings.Vision;

    /// <summary>The grid where none is asked for: that of LLaVA 1.5, so that results compare.</summary>
    public static MapGrid DefaultGrid { get; } = new(24, 24);

    /// <inheritdoc/>
    public ImageSpan? Plan(ImageRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MostCells, 1, nameof(CaptureOptions.MaximumCells));
        return FixedGrid(request) is { } grid ? GridSpan.Of(grid, settings.ImageTokenId) : null;
    }

    /// <inheritdoc/>
    public ImageGeometry Place(int imageWidth, int imageHeight, ImageRequest request)
    {
        MapGrid grid = GridOf(imageWidth, imageHeight, request);
        int cell = _vision.CellSize;
        return ImageGeometry.Create(request.Fit, imageWidth, imageHeight, grid.Width * cell, grid.Height * cell, grid, cell, cell);
    }

    /// <inheritdoc/>
    public PreparedImage Prepare(RgbImage image, ImageRequest request, CancellationToken cancellationToken)
    {
        MapGrid grid = GridOf(image.Width, image.Height, request);
        float[] patches = Patches(Resize(image, request, cancellationToken), grid);
        long[] shape = [(long)grid.Cells * _vision.CellPatches, _vision.PatchNumbers];
        return new PreparedImage(patches, shape, Place(image.Width, image.Height, request), GridSpan.Of(grid, settings.ImageTokenId));
    }

    /// <summary>Fits and resizes an image; red, green and blue before they are normalized, <c>[height, width, 3]</c>.</summary>
    public byte[] Resize(RgbImage image, ImageRequest request, CancellationToken cancellationToken = default)
    {
        MapGrid grid = GridOf(image.Width, image.Height, request);
        return ImageFitter.Resize(
            image,
            request.Fit,
            grid.Width * _vision.CellSize,
            grid.Height * _vision.CellSize,
            images.Pixels,
            cancellationToken
        );
    }

    private MapGrid GridOf(int imageWidth, int imageHeight, ImageRequest request)
    {
        if (FixedGrid(request) is { } grid)
        {
            return grid;
        }

        long cell = _vision.CellSize * _vision.CellSize;
        MapGrid native = NativeSize.Of(
            imageWidth,
            imageHeight,
            _vision.CellSize,
            images.FewestPixels,
            Math.Min(images.MostPixels, request.MostCells * cell)
        );
        return native.Cells <= request.MostCells
            ? native
            : throw new ArgumentException(
                $"An image of {imageWidth} x {imageHeight} pixels needs {native} cells here, which are more than {request.MostCells}. Set {nameof(CaptureOptions)}.{nameof(CaptureOptions.MaximumCells)} to at least {native.Cells}, or fit images to a grid.",
                nameof(request)
            );
    }

    /// <summary>The grid of every image, or nothing where each has its own.</summary>
    private static MapGrid? FixedGrid(ImageRequest request)
    {
        if (request.Fit == ImageFit.Native)
        {
            return request.Grid is not { } asked
                ? null
                : throw new ArgumentException(
                    $"A grid of {asked} cells was asked for together with {nameof(ImageFit)}.{nameof(ImageFit.Native)}, which gives each image its own. Leave {nameof(CaptureOptions.Grid)} unset, or choose another {nameof(CaptureOptions.Fit)}.",
                    nameof(request)
                );
        }

        MapGrid grid = request.Grid ?? DefaultGrid;
        if (grid.Cells > request.MostCells)
        {
            throw new ArgumentException(
                $"A grid of {grid} has {grid.Cells} cells, which are more than {request.MostCells}. Choose a smaller {nameof(CaptureOptions)}.{nameof(CaptureOptions.Grid)}, or set {nameof(CaptureOptions.MaximumCells)} to as many; time and memory grow with them.",
                nameof(request)
            );
        }

        return NativeSize.IsTooLong(grid.Width, grid.Height)
            ? throw new ArgumentException(
                $"A grid of {grid} cells was asked for; this model takes sides of which one is at most {NativeSize.LargestRatio} times the other.",
                nameof(request)
            )
            : grid;
    }

    /// <summary>
    /// Cuts an image into patches: red, green and blue one after the other, for each every frame, all of which are the image.
    /// </summary>
    private float[] Patches(byte[] pixels, MapGrid grid)
    {
        (int patch, int merge) = (_vision.PatchSize, _vision.MergeSize);
        int width = grid.Width * _vision.CellSize;
        long numbers = (long)grid.Cells * _vision.CellPatches * _vision.PatchNumbers;
        if (numbers > Array.MaxLength)
        {
            throw new ArgumentException(
                $"A grid of {grid} cells takes {numbers} numbers of an image here; at most {Array.MaxLength} were expected. Choose a smaller grid.",
                nameof(grid)
            );
        }

        float[] values = new float[numbers];
        int at = 0;
        for (int cell = 0; cell < grid.Cells; cell++)
        {
            for (int part = 0; part < merge * merge; part++)
            {
                int top = ((cell / grid.Width * merge) + (part / merge)) * patch;
                int left = ((cell % grid.Width * merge) + (part % merge)) * patch;
                for (int channel = 0; channel < 3; channel++)
                {
                    Span<float> frame = values.AsSpan(at, patch * patch);
                    Fill(frame, channel, top, left);
                    for (int copy = 0; copy < _vision.Frames; copy++, at += frame.Length)
                    {
                        frame.CopyTo(values.AsSpan(at));
                    }
                }
            }
        }

        return values;

        void Fill(Span<float> frame, int channel, int top, int left)
        {
            ReadOnlySpan<float> levels = _normalizer.Of(channel);
            for (int y = 0; y < patch; y++)
            {
                int source = (3 * (((top + y) * width) + left)) + channel;
                for (int x = 0; x < patch; x++)
                {
                    frame[(y * patch) + x] = levels[pixels[source + (3 * x)]];
                }
            }
        }
    }
}
