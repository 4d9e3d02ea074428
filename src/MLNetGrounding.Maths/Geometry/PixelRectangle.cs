namespace MLNetGrounding.Maths.Geometry;

/// <summary>A rectangle in pixels of the original image; it is empty where it ends before it begins.</summary>
internal readonly record struct PixelRectangle(double Left, double Top, double Right, double Bottom)
{
    public double Width => Math.Max(0, Right - Left);

    public double Height => Math.Max(0, Bottom - Top);

    public double Area => Width * Height;

    public bool Contains(double x, double y) => x >= Left && x < Right && y >= Top && y < Bottom;

    public PixelRectangle Intersect(in PixelRectangle other) =>
        new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

    /// <summary>Its edges moved to the nearest whole pixels.</summary>
    public PixelRectangle Rounded() => new(Math.Round(Left), Math.Round(Top), Math.Round(Right), Math.Round(Bottom));

    /// <summary>The smallest rectangle that holds two, of which the first may be missing.</summary>
    public static PixelRectangle Around(in PixelRectangle? first, in PixelRectangle second) =>
        first is { } other
            ? new(
                Math.Min(other.Left, second.Left),
                Math.Min(other.Top, second.Top),
                Math.Max(other.Right, second.Right),
                Math.Max(other.Bottom, second.Bottom)
            )
            : second;
}
