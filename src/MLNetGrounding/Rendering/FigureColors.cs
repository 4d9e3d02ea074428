using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>The colors of a figure around its images.</summary>
/// <param name="Background">The page.</param>
/// <param name="Card">A field on it.</param>
/// <param name="Text">Headings and captions.</param>
/// <param name="Muted">Notes.</param>
/// <param name="Kept">The frame and caption of what was chosen.</param>
/// <param name="Fade">Lies over what was left out.</param>
internal sealed record FigureColors(SKColor Background, SKColor Card, SKColor Text, SKColor Muted, SKColor Kept, SKColor Fade)
{
    private static readonly FigureColors Dark = new(
        new SKColor(0x16, 0x17, 0x1C),
        new SKColor(0x26, 0x29, 0x31),
        new SKColor(0xF2, 0xF3, 0xF5),
        new SKColor(0xA4, 0xA9, 0xB4),
        new SKColor(0x2F, 0xE6, 0xC8),
        new SKColor(0x16, 0x17, 0x1C, 0x90)
    );

    private static readonly FigureColors Light = new(
        new SKColor(0xFF, 0xFF, 0xFF),
        new SKColor(0xEC, 0xEF, 0xF4),
        new SKColor(0x19, 0x1C, 0x22),
        new SKColor(0x56, 0x5D, 0x6B),
        new SKColor(0x0A, 0x7F, 0x6E),
        new SKColor(0xFF, 0xFF, 0xFF, 0x90)
    );

    private static readonly FigureColors Print = new(
        SKColors.White,
        new SKColor(0xF0, 0xF0, 0xF0),
        SKColors.Black,
        new SKColor(0x40, 0x40, 0x40),
        SKColors.Black,
        SKColors.White.WithAlpha(0xA0)
    );

    public static FigureColors Of(FigureTheme theme) =>
        theme switch
        {
            FigureTheme.Light => Light,
            FigureTheme.Print => Print,
            _ => Dark,
        };
}
