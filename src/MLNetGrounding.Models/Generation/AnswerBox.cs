using MLNetGrounding.Models.Generation;

namespace MLNetGrounding;

/// <summary>A place that an answer names, in pixels of the original image, as data sets write boxes.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The top edge.</param>
/// <param name="Width">The width; 0 of a point.</param>
/// <param name="Height">The height; 0 of a point.</param>
public readonly record struct AnswerBox(double X, double Y, double Width, double Height)
{
    /// <summary>The place as a box to look at or to hide.</summary>
    public ImageBox Box => new(X, Y, Width, Height);

    /// <summary>Reads the first box of an answer; where there is none, the first point.</summary>
    /// <remarks>
    /// Boxes are four numbers in brackets or in a row, left, top, right, bottom, with a key such as <c>bbox_2d</c> or without one; two
    /// corners, such as <c>(x1,y1),(x2,y2)</c>; four corners; or named numbers, such as <c>"x1": 1</c> or <c>"width": 5</c>. The text
    /// around them need not be JSON, nor be closed. Corners may come in any order; what reaches over the image's edge is cut off; a box
    /// without area, or outside the image, is passed over.
    /// </remarks>
    /// <param name="text">The answer.</param>
    /// <param name="units">What its numbers are.</param>
    /// <param name="geometry">How the image lies in the model's input.</param>
    /// <param name="box">Receives the box.</param>
    /// <param name="isComplete">
    /// Whether the answer ended by itself. A number at the very end of one that was cut off may lack digits and is not read. Default
    /// <see langword="true"/>.
    /// </param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The units are not defined.</exception>
    public static bool TryParse(string text, BoxUnits units, ImageGeometry geometry, out AnswerBox box, bool isComplete = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        (double x, double y) = units switch
        {
            BoxUnits.InputPixels => (1.0, 1.0),
            BoxUnits.Thousandths => (geometry.InputWidth / 1000.0, geometry.InputHeight / 1000.0),
            BoxUnits.Shares => (geometry.InputWidth, geometry.InputHeight),
            _ => throw new ArgumentOutOfRangeException(
                nameof(units),
                units,
                $"One of {string.Join(", ", Enum.GetNames<BoxUnits>())} was expected."
            ),
        };
        foreach (NamedPlace place in PlaceReader.Read(text, isComplete).OrderBy(place => place.IsPoint))
        {
            (double left, double top) = geometry.ToPixel(place.Left * x, place.Top * y);
            (double right, double bottom) = geometry.ToPixel(place.Right * x, place.Bottom * y);
            bool begins = left <= geometry.ImageWidth && top <= geometry.ImageHeight && right >= 0 && bottom >= 0;
            (left, right) = (Math.Clamp(left, 0, geometry.ImageWidth), Math.Clamp(right, 0, geometry.ImageWidth));
            (top, bottom) = (Math.Clamp(top, 0, geometry.ImageHeight), Math.Clamp(bottom, 0, geometry.ImageHeight));
            if (begins && (place.IsPoint || (right > left && bottom > top)))
            {
                box = new AnswerBox(left, top, right - left, bottom - top);
                return true;
            }
        }

        box = default;
        return false;
    }
}
