using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Tiles;

namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>
/// The family's tiles: images are resized to a longest edge, then stretched to whole tiles; the whole view is made from what is cut. Marks
/// stand between the views, as text.
/// </summary>
internal sealed class SmolVlmTiles(SmolVlmSettings settings, SmolVlmImageSettings images, TextTokenizer? tokenizer) : ITileScheme
{
    /// <summary>The text of the token that stands for a view.</summary>
    public const string ImageToken = "<image>";

    /// <summary>What stands around every view.</summary>
    public const string Around = "<fake_token_around_image>";

    private const string WholeMark = "<global-img>";

    /// <inheritdoc/>
    public int Side => settings.Vision.ImageSize;

    /// <inheritdoc/>
    public int Cells => settings.Cells;

    /// <inheritdoc/>
    public PixelSettings Pixels => images.Pixels;

    /// <inheritdoc/>
    public (int Rows, int Columns) Choose(int width, int height)
    {
        if (!images.Splits)
        {
            return (1, 1);
        }

        (width, height) = FirstSize(width, height);

        // The second edge follows the first one after that is rounded up.
        double shape = (double)width / height;
        if (width >= height)
        {
            int columns = Tiles(width);
            return (Tiles((int)(columns * Side / shape)), columns);
        }

        int rows = Tiles(height);
        return (rows, Tiles((int)(rows * Side * shape)));
    }

    /// <inheritdoc/>
    public void Require((int Rows, int Columns) tiles)
    {
        if ((long)Math.Max(tiles.Rows, tiles.Columns) * Side > SmolVlmImageSettings.Largest)
        {
            throw new ArgumentException(
                $"{tiles.Rows} x {tiles.Columns} tiles were asked for; this model takes at most {SmolVlmImageSettings.Largest / Side} along a side.",
                nameof(tiles)
            );
        }
    }

    /// <inheritdoc/>
    public byte[] Resize(RgbImage image, ImageFit fit, (int Rows, int Columns) tiles, CancellationToken cancellationToken)
    {
        (int width, int height) = (tiles.Columns * Side, tiles.Rows * Side);
        if (fit != ImageFit.Native)
        {
            return ImageFitter.Resize(image, fit, width, height, Pixels, cancellationToken);
        }

        (int firstWidth, int firstHeight) = FirstSize(image.Width, image.Height);
        RgbImage first = new(
            firstWidth,
            firstHeight,
            Resampler.Resize(Canvas.Of(image), firstWidth, firstHeight, Pixels.Filter, cancellationToken)
        );
        return Resampler.Resize(Canvas.Of(first), width, height, Pixels.Filter, cancellationToken);
    }

    /// <inheritdoc/>
    public byte[] Whole(RgbImage image, byte[] resized, ImageFit fit, (int Rows, int Columns) tiles, CancellationToken cancellationToken) =>
        Resampler.Resize(
            Canvas.Of(new RgbImage(tiles.Columns * Side, tiles.Rows * Side, resized)),
            Side,
            Side,
            Pixels.Filter,
            cancellationToken
        );

    /// <inheritdoc/>
    public ImageSpan Span(
        (int Rows, int Columns) tiles,
        MapGrid grid,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<(int Cell, float Share)>>> views
    )
    {
        int[] marked = Marked(tiles);
        List<int> before = [];
        List<int> ids = [];
        List<IReadOnlyList<(int, float)>> shown = [];
        int view = 0;
        foreach (int id in marked)
        {
            if (id == settings.ImageTokenId && view < views.Count)
            {
                ids.AddRange(Enumerable.Repeat(id, views[view].Count));
                shown.AddRange(views[view++]);
            }
            else if (view == 0)
            {
                before.Add(id);
            }
            else
            {
                ids.Add(id);
                shown.Add([]);
            }
        }

        return view == views.Count && marked.Count(id => id == settings.ImageTokenId) == view
            ? new ImageSpan
            {
                Before = before,
                Ids = ids,
                Layout = VisualLayout.Create(grid, shown),
                Advance = ids.Count,
            }
            : throw new CheckpointException(
                tokenizer!.FilePath,
                $"does not make token {settings.ImageTokenId} (image_token_id in config.json) of {ImageToken}; take tokenizer and weights from the same model."
            );
    }

    /// <summary>
    /// The tokens before, between and of the views, one for each view. The vocabulary decides how many tokens a mark has.
    /// </summary>
    private int[] Marked((int Rows, int Columns) tiles)
    {
        if (tokenizer is null)
        {
            throw new InvalidOperationException(
                "The checkpoint has no tokenizer, which this model needs for the marks between the views of an image. Add tokenizer.json to its folder."
            );
        }

        IEnumerable<string> rows =
            tiles == (1, 1)
                ? []
                : Enumerable
                    .Range(1, tiles.Rows)
                    .Select(row =>
                        string.Concat(Enumerable.Range(1, tiles.Columns).Select(column => $"{Around}<row_{row}_col_{column}>{ImageToken}"))
                        + "\n"
                    );
        string text = string.Concat(rows) + (tiles == (1, 1) ? "" : "\n") + Around + WholeMark + ImageToken;
        return [.. tokenizer.Encode(text, addSpecialTokens: false).Ids];
    }

    /// <summary>The size that an image is resized to first: the longer edge as stated, the other in proportion and even.</summary>
    private (int Width, int Height) FirstSize(int width, int height)
    {
        double shape = (double)width / height;
        (int Width, int Height) size =
            width >= height
                ? (images.LongestEdge, Even((int)(images.LongestEdge / shape)))
                : (Even((int)(images.LongestEdge * shape)), images.LongestEdge);
        size = (Math.Max(size.Width, 1), Math.Max(size.Height, 1));
        shape = (double)size.Width / size.Height;
        return size.Width >= size.Height && size.Width > SmolVlmImageSettings.Largest
                ? (SmolVlmImageSettings.Largest, Math.Max((int)(SmolVlmImageSettings.Largest / shape), 1))
            : size.Height > size.Width && size.Height > SmolVlmImageSettings.Largest
                ? (Math.Max((int)(SmolVlmImageSettings.Largest * shape), 1), SmolVlmImageSettings.Largest)
            : size;
    }

    private static int Even(int length) => length + (length % 2);

    private int Tiles(int length) => Math.Max((length + Side - 1) / Side, 1);
}
