using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>The legend of a map: its colors from the smallest to the largest value, between two words.</summary>
internal static class ColorBar
{
    private const float BarWidth = 96;
    private const float BarHeight = 9;
    private const float Gap = 7;

    /// <summary>Pixels that the legend takes from left to right, where <paramref name="unit"/> scales all lengths.</summary>
    public static float WidthOf(string minimum, string maximum, SKFont font, float unit) =>
        Typeface.WidthOf(minimum, font) + Typeface.WidthOf(maximum, font) + ((BarWidth + (2 * Gap)) * unit);

    /// <summary>Draws the legend from <paramref name="left"/> on, around the height <paramref name="middle"/>.</summary>
    public static void Draw(
        SKCanvas canvas,
        float left,
        float middle,
        string minimum,
        string maximum,
        ColorMap colors,
        SKFont font,
        SKColor textColor,
        float unit
    )
    {
        float baseline = middle + (font.Size * Typeface.CapitalHeight / 2);
        Typeface.Draw(canvas, minimum, left, baseline, font, textColor);
        left += Typeface.WidthOf(minimum, font) + (Gap * unit);
        var bar = SKRect.Create(left, middle - (BarHeight * unit / 2), BarWidth * unit, BarHeight * unit);
        SKColor[] stops = [.. Enumerable.Range(0, 33).Select(index => ColorTable.ColorOf(colors, index / 32.0))];
        using var shader = SKShader.CreateLinearGradient(
            new SKPoint(bar.Left, 0),
            new SKPoint(bar.Right, 0),
            stops,
            SKShaderTileMode.Clamp
        );
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        canvas.DrawRoundRect(bar, 2 * unit, 2 * unit, paint);
        Typeface.Draw(canvas, maximum, bar.Right + (Gap * unit), baseline, font, textColor);
    }
}
