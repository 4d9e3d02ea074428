namespace MLNetGrounding.Models.Imaging;

/// <summary>A picture on a larger background, read row by row, so that the padded picture is never held.</summary>
internal sealed class Canvas
{
    private readonly RgbImage _image;
    private readonly int _left;
    private readonly int _top;

    private Canvas(RgbImage image, int width, int height, int left, int top)
    {
        _image = image;
        Width = width;
        Height = height;
        _left = left;
        _top = top;
    }

    /// <summary>CLIP's mean color in whole gray levels, the background that LLaVA 1.5 was trained with.</summary>
    public static ReadOnlySpan<byte> Background => [122, 116, 104];

    public int Width { get; }

    public int Height { get; }

    /// <summary>The picture alone.</summary>
    public static Canvas Of(RgbImage image) => new(image, image.Width, image.Height, 0, 0);

    /// <summary>The picture in the middle of a square as wide as its longer edge; where the rest is odd, the part before is the smaller.</summary>
    public static Canvas Square(RgbImage image)
    {
        var side = Math.Max(image.Width, image.Height);
        return new(image, side, side, (side - image.Width) / 2, (side - image.Height) / 2);
    }

    /// <summary>Writes row <paramref name="y"/>, <c>[width, 3]</c>.</summary>
    public void CopyRow(int y, Span<byte> row)
    {
        if (_left > 0 || _left + _image.Width < Width || y < _top || y >= _top + _image.Height)
        {
            for (var index = 0; index < 3 * Width; index++)
            {
                row[index] = Background[index % 3];
            }
        }
        if (y >= _top && y < _top + _image.Height)
        {
            _image.Pixels.Span.Slice(3 * (y - _top) * _image.Width, 3 * _image.Width).CopyTo(row[(3 * _left)..]);
        }
    }
}
