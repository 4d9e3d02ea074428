namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>The grid of an image that keeps its shape.</summary>
internal static class NativeSize
{
    /// <summary>The largest ratio of an image's sides.</summary>
    public const int LargestRatio = 200;

    /// <summary>Whole cells along each side, as near to the image's size as the limits allow.</summary>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="cell">Side of a cell in pixels.</param>
    /// <param name="fewest">The fewest pixels of the resized image.</param>
    /// <param name="most">The most pixels of the resized image.</param>
    /// <exception cref="ArgumentException">One side is too long for the other.</exception>
    public static MapGrid Of(int width, int height, int cell, long fewest, long most)
    {
        if (IsTooLong(width, height))
        {
            throw new ArgumentException(
                $"The image has {width} x {height} pixels; this model takes sides of which one is at most {LargestRatio} times the other. Cut the image, or fit it to a grid."
            );
        }

        (long rows, long columns) = (Rounded(height), Rounded(width));
        long pixels = rows * columns * cell * cell;
        if (pixels > most)
        {
            double shrink = Math.Sqrt((double)((long)height * width) / most);
            return new MapGrid(Shrunk(height), Shrunk(width));

            int Shrunk(int side) => Math.Max(1, (int)Math.Floor(side / shrink / cell));
        }

        if (pixels < fewest)
        {
            double grow = Math.Sqrt(fewest / (double)((long)height * width));
            return new MapGrid(Grown(height), Grown(width));

            int Grown(int side) => (int)Math.Ceiling(side * grow / cell);
        }

        return new MapGrid((int)rows, (int)columns);

        // Halves go to the even neighbor, as Python rounds.
        long Rounded(int side) => (long)Math.Round((double)side / cell, MidpointRounding.ToEven);
    }

    /// <summary>Whether one of two sides is more than <see cref="LargestRatio"/> times the other.</summary>
    public static bool IsTooLong(int width, int height) => Math.Max(width, height) > (long)LargestRatio * Math.Min(width, height);
}
