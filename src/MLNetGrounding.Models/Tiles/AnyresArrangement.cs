namespace MLNetGrounding.Models.Tiles;

/// <summary>How the cells of an image's tiles become rows of tokens.</summary>
/// <param name="Rows">Rows of tiles.</param>
/// <param name="Columns">Columns of tiles.</param>
/// <param name="Cells">Cells along a side of a tile.</param>
/// <param name="CutRows">Rows of cells that are left out at the top, and as many at the bottom, since they show padding.</param>
/// <param name="CutColumns">Columns left out at the left, and as many at the right.</param>
/// <param name="Grid">The cells that tokens stand for, after what is left is made fewer.</param>
internal sealed record AnyresArrangement(int Rows, int Columns, int Cells, int CutRows, int CutColumns, MapGrid Grid)
{
    // Features are made fewer only where that changes their number by more.
    private const double LeastRatio = 1.1;

    // Rounds away what division leaves below a whole number.
    private const int Digits = 7;

    /// <summary>Rows of cells that are left.</summary>
    public int KeptRows => (Rows * Cells) - (2 * CutRows);

    /// <summary>Columns of cells that are left.</summary>
    public int KeptColumns => (Columns * Cells) - (2 * CutColumns);

    /// <summary>Number of views: the whole view and the tiles.</summary>
    public int Views => 1 + (Rows * Columns);

    /// <summary>The arrangement of tiles that an image fills.</summary>
    public static AnyresArrangement Of((int Rows, int Columns) tiles, AnyresSettings settings) => Of(tiles, settings, 0, 0);

    /// <summary>The arrangement of tiles that an image lies in the middle of, as large as it can be.</summary>
    /// <exception cref="ArgumentException">The image is so narrow that nothing of it would be left.</exception>
    public static AnyresArrangement Of((int Rows, int Columns) tiles, AnyresSettings settings, (int Width, int Height) image)
    {
        (int height, int width) = (tiles.Rows * settings.Cells, tiles.Columns * settings.Cells);
        return (double)image.Width / image.Height > (double)width / height
            ? Of(tiles, settings, (height - Kept(image.Height, (double)width / image.Width)) / 2, 0, image)
            : Of(tiles, settings, 0, (width - Kept(image.Width, (double)height / image.Height)) / 2, image);
    }

    private static int Kept(int length, double scale) => (int)Math.Round(length * scale, Digits);

    private static AnyresArrangement Of(
        (int Rows, int Columns) tiles,
        AnyresSettings settings,
        int cutRows,
        int cutColumns,
        (int Width, int Height)? image = null
    )
    {
        int height = (tiles.Rows * settings.Cells) - (2 * cutRows);
        int width = (tiles.Columns * settings.Cells) - (2 * cutColumns);
        if (
            settings.MostTiles is { } most
            && Math.Sqrt((double)height * width / ((double)most * settings.Cells * settings.Cells)) is > LeastRatio and var ratio
        )
        {
            (height, width) = ((int)Math.Floor(height / ratio), (int)Math.Floor(width / ratio));
        }

        return height > 0 && width > 0
            ? new AnyresArrangement(tiles.Rows, tiles.Columns, settings.Cells, cutRows, cutColumns, new MapGrid(height, width))
            : throw new ArgumentException(
                $"An image of {image?.Width} x {image?.Height} pixels is too narrow for this model: no cell of its tiles would show it. Cut it first, or choose another {nameof(CaptureOptions.Fit)} than {nameof(ImageFit)}.{nameof(ImageFit.Native)}.",
                nameof(image)
            );
    }
}
