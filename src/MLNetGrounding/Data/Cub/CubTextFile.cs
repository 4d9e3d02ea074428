using System.Globalization;

namespace MLNetGrounding.Data.Cub;

/// <summary>
/// One of CUB's text files: lines of fields between blanks. Whatever is wrong with a line is said with file and line number.
/// </summary>
internal sealed class CubTextFile
{
    private CubTextFile(string path, string format)
    {
        Path = path;
        Format = format;
    }

    public string Path { get; }

    /// <summary>What a line holds, for messages.</summary>
    public string Format { get; }

    /// <summary>Opens a file that the data set cannot do without.</summary>
    public static CubTextFile Open(string directory, string relativePath, string format)
    {
        string path = System.IO.Path.Combine(directory, relativePath);
        return File.Exists(path)
            ? new CubTextFile(path, format)
            : throw new FileNotFoundException(
                $"'{path}' does not exist. Expected the CUB_200_2011 folder, or the one that it was unpacked in, with images.txt, classes.txt, image_class_labels.txt, train_test_split.txt, bounding_boxes.txt, parts/part_locs.txt and images/.",
                path
            );
    }

    public static CubTextFile? OpenIfPresent(string directory, string relativePath, string format)
    {
        string path = System.IO.Path.Combine(directory, relativePath);
        return File.Exists(path) ? new CubTextFile(path, format) : null;
    }

    /// <summary>
    /// The lines that are not blank, cut into at most <paramref name="fields"/> fields; the last keeps the blanks inside it.
    /// </summary>
    public IEnumerable<CubLine> Lines(int fields)
    {
        int number = 0;
        foreach (string text in File.ReadLines(Path))
        {
            number++;
            string[] values = text.Split((char[]?)null, fields, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (values.Length == 0)
            {
                continue;
            }

            var line = new CubLine(this, number, text, values);
            yield return values.Length == fields ? line : throw line.Malformed();
        }
    }

    /// <summary>One line of such a file.</summary>
    internal readonly record struct CubLine(CubTextFile File, int Number, string Text, string[] Values)
    {
        public int Id(int field) =>
            int.TryParse(Values[field], NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw Malformed();

        public float Real(int field) =>
            float.TryParse(Values[field], NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
                ? value
                : throw Malformed();

        public bool Flag(int field) =>
            Values[field] switch
            {
                "0" => false,
                "1" => true,
                _ => throw Malformed(),
            };

        /// <summary>The exception for this line: where it is, what was expected, what is there.</summary>
        public InvalidDataException Malformed(string? reason = null)
        {
            string text = Text.Length <= 80 ? Text : Text[..80] + "...";
            return new InvalidDataException(
                $"{File.Path}, line {Number}: expected {File.Format}, found '{text.Trim()}'.{(reason is null ? "" : " " + reason)}"
            );
        }
    }
}
