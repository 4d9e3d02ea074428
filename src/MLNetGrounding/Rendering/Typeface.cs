using System.Reflection;
using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>
/// Text in the typeface that this library carries (Inter Medium, SIL Open Font License): a server has no fonts of its own, and a picture
/// looks the same everywhere.
/// </summary>
internal static class Typeface
{
    /// <summary>Height of a capital, as a share of the size.</summary>
    public const float CapitalHeight = 0.727f;

    private const string Ellipsis = "\u2026";

    private static readonly Lazy<SKTypeface> Inter = new(Load);

    /// <summary>The typeface at a size, in pixels. The caller disposes it.</summary>
    public static SKFont At(float size) =>
        new(Inter.Value, size)
        {
            Subpixel = true,
            Hinting = SKFontHinting.None,
            Edging = SKFontEdging.Antialias,
        };

    /// <summary>Writes a line of text that starts at <paramref name="x"/> and stands on <paramref name="baseline"/>.</summary>
    public static void Draw(SKCanvas canvas, string text, float x, float baseline, SKFont font, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        using var glyphs = SKTextBlob.Create(OneLine(text), font);
        if (glyphs is not null)
        {
            canvas.DrawText(glyphs, x, baseline, paint);
        }
    }

    public static float WidthOf(string text, SKFont font) => font.MeasureText(font.Typeface.GetGlyphs(OneLine(text)));

    /// <summary>The text, or as much of its start as fits into a width, with an ellipsis.</summary>
    public static string Fit(string text, float width, SKFont font)
    {
        if (text.Length == 0 || WidthOf(text, font) <= width)
        {
            return text;
        }

        int length = text.Length;
        do
        {
            // Never between the two halves of a character outside the basic plane.
            length -= length > 1 && char.IsSurrogatePair(text[length - 2], text[length - 1]) ? 2 : 1;
        } while (length > 0 && WidthOf(text[..length] + Ellipsis, font) > width);
        return text[..length] + Ellipsis;
    }

    /// <summary>Control characters would be drawn as boxes.</summary>
    private static string OneLine(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\x1F')
            ? string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character))
            : text;

    private static SKTypeface Load()
    {
        const string name = "Inter-Medium.otf";
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The library was built without its typeface, the resource '{name}'.");
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"SkiaSharp cannot read the resource '{name}'.");
    }
}
