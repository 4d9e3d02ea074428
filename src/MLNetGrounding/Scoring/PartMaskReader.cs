using System.Globalization;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Scoring;

/// <summary>Reads images that label the pixels of parts. What the labels mean is read once for each folder of images.</summary>
internal sealed class PartMaskReader
{
    private const string LabelFile = "parts.txt";

    private readonly Dictionary<string, Dictionary<string, byte>> _labels = new(StringComparer.Ordinal);

    /// <summary>Counts the pixels of each query's part.</summary>
    /// <param name="path">The label image; a file <c>parts.txt</c> in a folder above it has lines of a gray level and a part.</param>
    /// <param name="geometry">The geometry of the image that the labels belong to.</param>
    /// <param name="queries">The queries; one without a part in the file is not told of.</param>
    /// <exception cref="InvalidDataException">The mask cannot be decoded or is not as large as the image, or there are no
    /// labels.</exception>
    public PartPixels Read(string path, in ImageGeometry geometry, IReadOnlyList<string> queries)
    {
        Dictionary<string, byte> labels = LabelsFor(path);
        return PartPixels.Count(
            GrayImage.Read(path, "part mask", geometry),
            geometry,
            [.. queries.Select(query => labels.TryGetValue(query, out byte label) ? label : (byte?)null)]
        );
    }

    private Dictionary<string, byte> LabelsFor(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!_labels.TryGetValue(folder, out Dictionary<string, byte>? labels))
        {
            labels = ReadLabels(LabelFileAbove(folder));
            _labels.Add(folder, labels);
        }

        return labels;
    }

    private static string LabelFileAbove(string folder)
    {
        for (DirectoryInfo? above = new(folder); above is not null; above = above.Parent)
        {
            string file = Path.Combine(above.FullName, LabelFile);
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new InvalidDataException($"No folder above {folder} has a file {LabelFile}, which says what part each gray level is.");
    }

    private static Dictionary<string, byte> ReadLabels(string file)
    {
        var labels = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (string[] fields in File.ReadLines(file).Select(line => line.Split(' ', 2)).Where(fields => fields.Length == 2))
        {
            if (!byte.TryParse(fields[0], CultureInfo.InvariantCulture, out byte label))
            {
                throw new InvalidDataException(
                    $"{file}: '{fields[0]}' is not a gray level from 0 to 255; expected lines of '<gray level> <part>'."
                );
            }

            if (!labels.TryAdd(fields[1].Trim(), label))
            {
                throw new InvalidDataException(
                    $"{file}: the part '{fields[1].Trim()}' occurs twice; expected one gray level for each part."
                );
            }
        }

        return labels;
    }
}
