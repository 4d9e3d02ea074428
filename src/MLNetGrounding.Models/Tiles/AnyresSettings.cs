using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Tiles;

/// <summary>
/// Tiles of any resolution out of a list: an image is fitted into the one that keeps most of it, and what pads it is left out again.
/// </summary>
internal sealed record AnyresSettings
{
    /// <summary>The resolutions in pixels, each a multiple of <see cref="Side"/>.</summary>
    public required IReadOnlyList<(int Height, int Width)> Resolutions { get; init; }

    /// <summary>Side of a view in pixels.</summary>
    public required int Side { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Tokens along a side of a view, a patch each.</summary>
    public required int Cells { get; init; }

    /// <summary>From about how many views' worth of tiles on their features are made fewer; <see langword="null"/> for never.</summary>
    public int? MostTiles { get; init; }

    /// <summary>The id that stands for visual tokens in a prompt.</summary>
    public required int ImageTokenId { get; init; }

    /// <summary>How pixels are resized and normalized.</summary>
    public required PixelSettings Pixels { get; init; }

    /// <summary>
    /// The tiles of a pipeline where nothing else is asked for: the squares of tiles of a kind that the model knows, 1 x 1 before 2 x 2,
    /// else its first resolution.
    /// </summary>
    public (int Rows, int Columns) DefaultTiles =>
        Array.Find([(1, 1), (2, 2)], tiles => Has(tiles)) is { Item1: > 0 } square ? square : TilesOf(Resolutions[0]);

    /// <summary>Whether there is a resolution of these tiles.</summary>
    public bool Has((int Rows, int Columns) tiles) => Resolutions.Any(resolution => TilesOf(resolution) == tiles);

    /// <summary>The resolution for an image: the one that keeps most of its pixels, and of those the one that wastes least.</summary>
    public (int Rows, int Columns) Choose(int width, int height)
    {
        (int Height, int Width) best = Resolutions[0];
        long most = -1;
        long least = long.MaxValue;
        foreach ((int Height, int Width) resolution in Resolutions)
        {
            double scale = Math.Min((double)resolution.Width / width, (double)resolution.Height / height);
            long kept = Math.Min((long)(width * scale) * (long)(height * scale), (long)width * height);
            long wasted = ((long)resolution.Width * resolution.Height) - kept;
            if (kept > most || (kept == most && wasted < least))
            {
                (best, most, least) = (resolution, kept, wasted);
            }
        }

        return TilesOf(best);
    }

    /// <summary>The resolutions as rows and columns of tiles, for errors.</summary>
    public string Describe() =>
        string.Join(", ", Resolutions.Select(TilesOf).Distinct().Select(tiles => $"{tiles.Rows} x {tiles.Columns}"));

    private (int Rows, int Columns) TilesOf((int Height, int Width) resolution) => (resolution.Height / Side, resolution.Width / Side);
}
