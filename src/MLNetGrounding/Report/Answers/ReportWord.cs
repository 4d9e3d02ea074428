using System.Text.Json.Serialization;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Rendering;
using SkiaSharp;

namespace MLNetGrounding.Report.Answers;

/// <summary>A piece of a sentence.</summary>
/// <param name="Text">The text.</param>
/// <param name="Map">
/// For a word, its map as a picture of one pixel a cell, PNG, transparent where the map is small; <see langword="null"/> for what stands
/// between words.
/// </param>
/// <param name="Probability">The probability of the word's tokens; <see langword="null"/> where it is not known.</param>
internal sealed record ReportWord(
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Map,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Probability
)
{
    public static ReportWord Of(GroundedWord word, MapGrid grid) =>
        new(
            word.Text,
            RowValues.AreFinite(word.Map.Span) ? Draw(word.Map.Span, grid) : null,
            double.IsFinite(word.LogProbability) ? Math.Exp(word.LogProbability) : null
        );

    private static byte[] Draw(ReadOnlySpan<float> map, MapGrid grid)
    {
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        using SKBitmap bitmap = new(grid.Width, grid.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        for (int cell = 0; cell < map.Length; cell++)
        {
            double value = maximum > minimum ? (map[cell] - minimum) / (maximum - minimum) : 0;

            // As in the pictures of the library: the root lets middling values be seen, the color still tells them apart.
            SKColor color = ColorTable.ColorOf(ColorMap.Plasma, value).WithAlpha((byte)Math.Round(255 * 0.8 * Math.Sqrt(value)));
            bitmap.SetPixel(cell % grid.Width, cell / grid.Width, color);
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
