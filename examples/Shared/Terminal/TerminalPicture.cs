using Microsoft.ML.Data;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNetGrounding.Examples;

/// <summary>
/// A picture in a terminal: each character is the upper half of a block, whose two colors are two pixels one above the other.
/// </summary>
internal sealed class TerminalPicture : Renderable
{
    private const string UpperHalf = "\u2580";

    private readonly int _width;
    private readonly Color[] _pixels;

    public TerminalPicture(MLImage image)
    {
        _width = image.Width;
        _pixels = new Color[image.Width * image.Height];
        (int red, int blue) = image.PixelFormat == MLPixelFormat.Rgba32 ? (0, 2) : (2, 0);
        for (int pixel = 0; pixel < _pixels.Length; pixel++)
        {
            ReadOnlySpan<byte> channels = image.Pixels.Slice(4 * pixel, 4);
            _pixels[pixel] = new Color(channels[red], channels[1], channels[blue]);
        }
    }

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(_width, _width);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        for (int top = 0; top < _pixels.Length; top += 2 * _width)
        {
            for (int column = 0; column < Math.Min(_width, maxWidth); column++)
            {
                Color upper = _pixels[top + column];
                // Below the last line of an odd number there is nothing to draw.
                Color lower = top + _width + column < _pixels.Length ? _pixels[top + _width + column] : Color.Default;
                yield return new Segment(UpperHalf, new Style(upper, lower));
            }

            yield return Segment.LineBreak;
        }
    }
}
