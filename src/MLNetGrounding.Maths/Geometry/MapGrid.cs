using System.Globalization;
using System.Text.Json.Serialization;

namespace MLNetGrounding;

/// <summary>The cells that a map has, row by row from the top left: a rectangle, square for many models.</summary>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A side is not positive, or there are more than 2^31 - 1 cells.</exception>
[method: JsonConstructor]
public readonly record struct MapGrid(int Height, int Width)
{
    /// <summary>Rows.</summary>
    public int Height { get; } = Height > 0 ? Height : throw NotPositive(nameof(Height), Height);

    /// <summary>Columns.</summary>
    public int Width { get; } =
        Width <= 0 ? throw NotPositive(nameof(Width), Width)
        : (long)Height * Width <= int.MaxValue ? Width
        : throw new ArgumentOutOfRangeException(nameof(Width), Width, $"A grid has at most {int.MaxValue} cells, not {Height} x {Width}.");

    /// <summary>How many cells there are: height times width.</summary>
    public int Cells => Height * Width;

    /// <summary>
    /// The grid of about some number of cells n whose shape is nearest to that of images of aspect ratio a:
    /// <c>rows = max(1, round(sqrt(n / a)))</c>, <c>columns = max(1, round(rows × a))</c>, halves rounded to the even number.
    /// </summary>
    /// <param name="cells">How many cells there are to be, n, at least 1; there may be a few more or fewer.</param>
    /// <param name="aspectRatio">Width over height of the images, a, such as <c>16.0 / 9</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, or there would be more than 2^31 - 1 cells.</exception>
    public static MapGrid OfCells(int cells, double aspectRatio)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cells);
        if (!(aspectRatio > 0 && double.IsFinite(aspectRatio)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(aspectRatio),
                aspectRatio,
                "An aspect ratio is width over height, a number above 0."
            );
        }

        double rows = Math.Max(1, Math.Round(Math.Sqrt(cells / aspectRatio)));
        double columns = Math.Max(1, Math.Round(rows * aspectRatio));
        return rows * columns <= int.MaxValue
            ? new MapGrid((int)rows, (int)columns)
            : throw new ArgumentOutOfRangeException(
                nameof(cells),
                cells,
                $"{cells} cells of aspect ratio {aspectRatio} are {rows} x {columns}; a grid has at most {int.MaxValue} cells."
            );
    }

    /// <summary>Reads a grid as <see cref="ToString"/> writes it.</summary>
    /// <param name="text">Height and width with an <c>x</c> between, <c>10 x 16</c> or <c>10x16</c>: ten rows of sixteen cells.</param>
    /// <param name="grid">Receives the grid, or a grid of no cells.</param>
    /// <returns>Whether the text is a grid.</returns>
    public static bool TryParse(string? text, out MapGrid grid)
    {
        grid = default;
        string[] sides = (text ?? "").Split(['x', 'X'], StringSplitOptions.TrimEntries);
        if (
            sides.Length != 2
            || !TryParseSide(sides[0], out int height)
            || !TryParseSide(sides[1], out int width)
            || (long)height * width > int.MaxValue
        )
        {
            return false;
        }
        grid = new MapGrid(height, width);
        return true;
    }

    /// <summary>Height and width, <c>10 x 16</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height} x {Width}");

    private static bool TryParseSide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side > 0;

    private static ArgumentOutOfRangeException NotPositive(string side, int length) =>
        new(side, length, $"{side} of a grid is its number of cells along that side, at least 1.");
}
