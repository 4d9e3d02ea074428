using MLNetGrounding.Data.Files;

namespace MLNetGrounding.Data.Points;

/// <summary>The columns of a CSV file of key points, in whatever order and case; others are passed over.</summary>
internal sealed class PointColumns
{
    public const string Image = "image";
    public const string Point = "point";
    public const string X = "x";
    public const string Y = "y";
    public const string Width = "width";
    public const string Height = "height";
    public const string Visible = "visible";
    public const string Word = "word";
    public const string Label = "label";

    /// <summary>What a file must have, for messages.</summary>
    public const string Expected = "image, point, x, y";

    private static readonly string[] Needed = [Image, Point, X, Y];
    private static readonly string[] Optional = [Width, Height, Visible, Word, Label];

    private readonly Dictionary<string, int> _indices = new(StringComparer.OrdinalIgnoreCase);

    private PointColumns(int count) => Count = count;

    /// <summary>The number of columns, those that are passed over among them.</summary>
    public int Count { get; }

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidDataException">A column is missing or occurs twice.</exception>
    public static PointColumns Of(List<string> header, string place)
    {
        PointColumns columns = new(header.Count);
        for (int index = 0; index < header.Count; index++)
        {
            string name = header[index].Trim().Trim('\uFEFF');
            name = ImageFileList.PathColumns.Contains(name, StringComparer.OrdinalIgnoreCase) ? Image : name;
            if (Needed.Concat(Optional).Contains(name, StringComparer.OrdinalIgnoreCase) && !columns._indices.TryAdd(name, index))
            {
                throw new InvalidDataException($"{place}: the column '{name}' occurs twice.");
            }
        }

        string[] missing = [.. Needed.Where(name => !columns._indices.ContainsKey(name))];
        return missing.Length == 0
            ? columns
            : throw new InvalidDataException(
                $"{place}: the columns {string.Join(", ", header)} lack {string.Join(", ", missing)}. Expected are {string.Join(", ", Needed)}, and where the file has them {string.Join(", ", Optional)}."
            );
    }

    /// <summary>Where a column stands, or -1.</summary>
    public int IndexOf(string column) => _indices.GetValueOrDefault(column, -1);
}
