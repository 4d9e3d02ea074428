using System.Globalization;
using MLNetGrounding;

namespace SteerAnswers;

/// <summary>Where parts are: the box of a part's pixels where the data labels them, else a square around its key points.</summary>
internal sealed class PartBoxes
{
    /// <summary>The side of the square, as a share of the longer side of the bird's box.</summary>
    public const double Side = 0.2;

    private readonly Dictionary<string, byte> _labels;

    /// <param name="cub">The data set's folder.</param>
    public PartBoxes(string cub)
    {
        string file = Path.Combine(cub, "part_masks", "parts.txt");
        HasMasks = File.Exists(file);
        _labels = !HasMasks
            ? []
            : File.ReadLines(file)
                .Select(line => line.Split(' ', 2))
                .Where(fields => fields.Length == 2)
                .ToDictionary(fields => fields[1], fields => byte.Parse(fields[0], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>Whether the data labels the pixels of parts.</summary>
    public bool HasMasks { get; }

    /// <summary>The box of a part, or null where it is not visible.</summary>
    public ImageBox? Of(CubRow row, string part) => HasMasks ? Labeled(row, part) : Around(row, part);

    private ImageBox? Labeled(CubRow row, string part)
    {
        RgbImage mask = ImageFile.LoadRgb(row.PartMaskPath);
        byte label = _labels[part];
        (int left, int top, int right, int bottom) = (mask.Width, mask.Height, 0, 0);
        ReadOnlySpan<byte> pixels = mask.Pixels.Span;
        for (int pixel = 0; pixel < mask.Width * mask.Height; pixel++)
        {
            if (pixels[3 * pixel] == label)
            {
                (int x, int y) = (pixel % mask.Width, pixel / mask.Width);
                (left, top) = (Math.Min(left, x), Math.Min(top, y));
                (right, bottom) = (Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }
        }

        return right > left ? new ImageBox(left, top, right - left, bottom - top) : null;
    }

    private static ImageBox? Around(CubRow row, string part)
    {
        int[] visible = [.. CubParts.KeyPointsOf[part].Where(point => row.KeyPointVisible[point] > 0)];
        if (visible.Length == 0)
        {
            return null;
        }

        double half = Side / 2 * Math.Max(row.BoundingBox[2], row.BoundingBox[3]);
        double left = visible.Min(point => row.KeyPoints[2 * point]) - half;
        double right = visible.Max(point => row.KeyPoints[2 * point]) + half;
        double top = visible.Min(point => row.KeyPoints[(2 * point) + 1]) - half;
        double bottom = visible.Max(point => row.KeyPoints[(2 * point) + 1]) + half;
        return new ImageBox(left, top, right - left, bottom - top);
    }
}
