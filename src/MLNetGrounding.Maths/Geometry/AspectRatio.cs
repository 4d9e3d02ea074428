using System.Globalization;

namespace MLNetGrounding.Maths.Geometry;

/// <summary>Width over height of images, as people write it.</summary>
internal static class AspectRatio
{
    /// <summary>Reads an aspect ratio.</summary>
    /// <param name="text">A number such as <c>1.5</c>, or width and height such as <c>16:9</c>.</param>
    /// <param name="ratio">Receives width over height, or 0.</param>
    /// <returns>Whether the text is an aspect ratio: positive and finite.</returns>
    public static bool TryParse(string? text, out double ratio)
    {
        string[] sides = (text ?? "").Split(':', StringSplitOptions.TrimEntries);
        double height = 1;
        bool parsed =
            double.TryParse(sides[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double width)
            && (
                sides.Length == 1
                || (
                    sides.Length == 2 && double.TryParse(sides[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out height)
                )
            );
        ratio = parsed && width > 0 && height > 0 && double.IsFinite(width / height) ? width / height : 0;
        return ratio > 0;
    }
}
