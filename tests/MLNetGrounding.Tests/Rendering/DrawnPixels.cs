using Microsoft.ML.Data;

namespace MLNetGrounding.Rendering;

/// <summary>Finds what changed between two pictures, by looking at every pixel.</summary>
internal static class DrawnPixels
{
    /// <summary>
    /// The smallest box around all pixels that differ, or <see langword="null"/>: left and top inclusive, right and bottom exclusive.
    /// </summary>
    public static (int Left, int Top, int Right, int Bottom)? OfDifference(MLImage before, MLImage after)
    {
        Assert.AreEqual(before.Width, after.Width);
        Assert.AreEqual(before.Height, after.Height);
        List<(int X, int Y)> changed = [];
        for (int y = 0; y < before.Height; y++)
        {
            for (int x = 0; x < before.Width; x++)
            {
                if (!Pixel(before, x, y).SequenceEqual(Pixel(after, x, y)))
                {
                    changed.Add((x, y));
                }
            }
        }

        return changed.Count == 0
            ? null
            : (
                changed.Min(pixel => pixel.X),
                changed.Min(pixel => pixel.Y),
                changed.Max(pixel => pixel.X) + 1,
                changed.Max(pixel => pixel.Y) + 1
            );
    }

    public static ReadOnlySpan<byte> Pixel(MLImage image, int x, int y) => image.Pixels.Slice(((y * image.Width) + x) * 4, 4);
}
