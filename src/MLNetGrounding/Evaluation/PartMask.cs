using System.Globalization;
using MLNetGrounding.Maths;
using SkiaSharp;

namespace MLNetGrounding;

/// <summary>Reads images that label the pixels of parts.</summary>
internal static class PartMask
{
    private const string LabelFile = "parts.txt";

    /// <summary>Counts the pixels of each query's part.</summary>
    /// <param name="path">The label image; a file <c>parts.txt</c> in a folder above it has lines of a grey level and a part.</param>
    /// <param name="geometry">The geometry of the picture that the labels belong to.</param>
    /// <param name="grid">Cells per side.</param>
    /// <param name="queries">The queries; one without a part in the file is not told of.</param>
    /// <exception cref="InvalidDataException">The image cannot be decoded or is of another size than the picture, or there are no labels.</exception>
    public static PartPixels Read(string path, in ImageGeometry geometry, int grid, IReadOnlyList<string> queries)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"The part mask {path} does not exist.");
        }

        Dictionary<string, byte> labels = ReadLabels(path);
        using SKBitmap bitmap = SKBitmap.Decode(path) ?? throw new InvalidDataException($"The part mask {path} cannot be decoded.");
        if (bitmap.Width != geometry.ImageWidth || bitmap.Height != geometry.ImageHeight)
        {
            throw new InvalidDataException(
                $"The part mask {path} has {bitmap.Width} x {bitmap.Height} pixels, the picture {geometry.ImageWidth} x {geometry.ImageHeight}; expected the same.");
        }

        return PartPixels.Count(GreyLevels(bitmap), geometry, grid, [.. queries.Select(query => labels.TryGetValue(query, out byte label) ? label : (byte?)null)]);
    }

    private static Dictionary<string, byte> ReadLabels(string path)
    {
        for (DirectoryInfo? folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, LabelFile);
            if (File.Exists(file))
            {
                return File.ReadLines(file)
                    .Select(line => line.Split(' ', 2))
                    .Where(fields => fields.Length == 2)
                    .ToDictionary(
                        fields => fields[1].Trim(),
                        fields => byte.TryParse(fields[0], CultureInfo.InvariantCulture, out byte label)
                            ? label
                            : throw new InvalidDataException($"{file}: '{fields[0]}' is not a grey level from 0 to 255; expected lines of '<grey level> <part>'."),
                        StringComparer.Ordinal);
            }
        }

        throw new InvalidDataException($"No folder above {path} has a file {LabelFile}, which says what part each grey level is.");
    }

    /// <summary>One byte a pixel; of a picture decoded to colours the channels are equal, so the first will do.</summary>
    private static byte[] GreyLevels(SKBitmap bitmap)
    {
        byte[] levels = new byte[bitmap.Width * bitmap.Height];
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                levels[(y * bitmap.Width) + x] = pixels[(y * bitmap.RowBytes) + (x * bitmap.BytesPerPixel)];
            }
        }

        return levels;
    }
}
