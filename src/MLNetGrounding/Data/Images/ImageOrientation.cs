namespace MLNetGrounding.Data.Images;

/// <summary>The eight ways in which EXIF says that stored pixels are to be shown.</summary>
internal static class ImageOrientation
{
    /// <summary>Shown as stored.</summary>
    public const int Upright = 1;

    private const int Last = 8;

    /// <summary>Whether a number is one of the eight; files with others are shown as stored.</summary>
    public static bool IsDefined(int orientation) => orientation is >= Upright and <= Last;

    /// <summary>Whether stored rows are shown as columns.</summary>
    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>Copies stored pixels to where they are shown.</summary>
    /// <param name="stored">The pixels as stored, <c>[height, width]</c>.</param>
    /// <param name="width">Width as stored.</param>
    /// <param name="height">Height as stored.</param>
    /// <param name="orientation">EXIF's number from 1 to 8.</param>
    /// <param name="shown">Receives the pixels; where the orientation swaps sides, <c>[width, height]</c>.</param>
    public static void Apply(ReadOnlySpan<uint> stored, int width, int height, int orientation, Span<uint> shown)
    {
        int last = (width * height) - 1;
        // Where the first stored pixel is shown, and the steps from a pixel to its right and its lower neighbor.
        (int start, int right, int down) = orientation switch
        {
            2 => (width - 1, -1, width),
            3 => (last, -1, -width),
            4 => (last - width + 1, 1, -width),
            5 => (0, height, 1),
            6 => (height - 1, height, -1),
            7 => (last, -height, -1),
            8 => (last - height + 1, -height, 1),
            _ => (0, 1, width),
        };
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<uint> row = stored.Slice(y * width, width);
            int target = start + (y * down);
            foreach (uint pixel in row)
            {
                shown[target] = pixel;
                target += right;
            }
        }
    }
}
