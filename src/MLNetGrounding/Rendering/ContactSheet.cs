using Microsoft.ML.Data;
using SkiaSharp;

namespace MLNetGrounding;

/// <summary>Puts pictures side by side in one.</summary>
public static class ContactSheet
{
    private const int Gap = 8;

    private static readonly SKColor Background = new(0x16, 0x17, 0x1C);

    /// <summary>Arranges pictures row by row, each in the middle of a place that the largest fits into.</summary>
    /// <param name="pictures">The pictures, in reading order.</param>
    /// <param name="columns">Pictures per row.</param>
    /// <returns>The sheet, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">There are no pictures.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1.</exception>
    public static MLImage Arrange(IReadOnlyList<MLImage> pictures, int columns)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (pictures.Count == 0)
        {
            throw new ArgumentException("A contact sheet needs at least one picture.", nameof(pictures));
        }

        columns = Math.Min(columns, pictures.Count);
        int rows = (pictures.Count + columns - 1) / columns;
        int width = pictures.Max(picture => picture.Width);
        int height = pictures.Max(picture => picture.Height);
        using SKBitmap sheet = SkiaImages.NewBitmap((columns * (width + Gap)) + Gap, (rows * (height + Gap)) + Gap);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(Background);
        for (int index = 0; index < pictures.Count; index++)
        {
            MLImage picture = pictures[index];
            using SKImage source = SkiaImages.ToSkia(picture);
            int x = Gap + (index % columns * (width + Gap)) + ((width - picture.Width) / 2);
            int y = Gap + (index / columns * (height + Gap)) + ((height - picture.Height) / 2);
            canvas.DrawImage(source, x, y);
        }

        return SkiaImages.ToImage(sheet);
    }
}
