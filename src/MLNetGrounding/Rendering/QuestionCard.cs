using Microsoft.ML.Data;
using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>A question as a picture: its words, large, over an arrow to what follows.</summary>
internal static class QuestionCard
{
    /// <summary>Draws it.</summary>
    /// <param name="question">The words; broken into lines where they do not fit.</param>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="height">Pixels from top to bottom.</param>
    /// <param name="colors">The colors of the figure.</param>
    /// <returns>The picture, which the caller disposes.</returns>
    public static MLImage Draw(string question, int width, int height, FigureColors colors)
    {
        using SKBitmap picture = SkiaImages.NewBitmap(width, height);
        using var canvas = new SKCanvas(picture);
        canvas.Clear(colors.Background);
        using var paint = new SKPaint { Color = colors.Card, IsAntialias = true };
        canvas.DrawRoundRect(new SKRect(0, 0, width, height), width / 20f, width / 20f, paint);

        float size = width / 7.5f;
        using SKFont font = Typeface.At(size);
        IReadOnlyList<string> lines = Break(question, 0.84f * width, font);
        float arrow = size;
        float block = (lines.Count * 1.25f * size) + arrow;
        float baseline = ((height - block) / 2) + size;
        foreach (string line in lines)
        {
            string shown = Typeface.Fit(line, 0.84f * width, font);
            Typeface.Draw(canvas, shown, (width - Typeface.WidthOf(shown, font)) / 2, baseline, font, colors.Text);
            baseline += 1.25f * size;
        }

        DrawArrow(canvas, width, baseline, size, colors.Kept);
        return SkiaImages.ToImage(picture);
    }

    /// <summary>As few lines as hold the words; a word that is too wide has a line of its own.</summary>
    internal static IReadOnlyList<string> Break(string text, float width, SKFont font)
    {
        List<string> lines = [];
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Typeface.WidthOf($"{lines[^1]} {word}", font) <= width)
            {
                lines[^1] += $" {word}";
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }

    private static void DrawArrow(SKCanvas canvas, int width, float middle, float size, SKColor color)
    {
        using var path = new SKPath();
        float left = (width / 2f) - (1.1f * size);
        float right = (width / 2f) + (1.1f * size);
        path.MoveTo(left, middle);
        path.LineTo(right, middle);
        path.MoveTo(right - (0.42f * size), middle - (0.36f * size));
        path.LineTo(right, middle);
        path.LineTo(right - (0.42f * size), middle + (0.36f * size));
        using var paint = new SKPaint
        {
            IsStroke = true,
            IsAntialias = true,
            StrokeWidth = size / 8,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
            Color = color,
        };
        canvas.DrawPath(path, paint);
    }
}
