using System.Globalization;

namespace SteerAnswers;

/// <summary>The colors of the parts of birds, from the image attributes of CUB-200-2011.</summary>
internal sealed class PartColors
{
    // 1 not visible, 2 guessing, 3 probably, 4 definitely.
    private const int LeastCertainty = 3;

    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["beak"] = "has_bill_color",
        ["belly"] = "has_belly_color",
        ["breast"] = "has_breast_color",
        ["head"] = "has_crown_color",
        ["wing"] = "has_wing_color",
        ["eye"] = "has_eye_color",
        ["tail"] = "has_upper_tail_color",
        ["throat"] = "has_throat_color",
        ["back"] = "has_back_color",
        ["leg"] = "has_leg_color",
    };

    private readonly Dictionary<(int Image, string Category), List<string>> _colors = [];

    private PartColors() { }

    /// <summary>Reads the attributes of a data set.</summary>
    /// <param name="cub">The data set's folder.</param>
    /// <param name="images">The images that count; the file has a line for each of 312 attributes of every image.</param>
    /// <exception cref="CommandException">The folder has no image attributes.</exception>
    /// <exception cref="InvalidDataException">A line cannot be read.</exception>
    public static PartColors Read(string cub, IReadOnlySet<int> images)
    {
        string folder = Path.Combine(cub, "attributes");
        // The data set's archive has the names beside its folder.
        string? names = new[] { Path.Combine(folder, "attributes.txt"), Path.Combine(cub, "..", "attributes.txt") }.FirstOrDefault(
            File.Exists
        );
        string labels = Path.Combine(folder, "image_attribute_labels.txt");
        if (names is null || !File.Exists(labels))
        {
            throw new CommandException(
                $"'{cub}' has no attributes/attributes.txt or no attributes/image_attribute_labels.txt, which say what is the right answer. Take a folder that has both, as the data set's archive does."
            );
        }

        Dictionary<int, (string Category, string Color)> colors = [];
        foreach (string[] fields in File.ReadLines(names).Select(line => line.Split(' ', 2)).Where(fields => fields.Length == 2))
        {
            if (fields[1].Split("::") is [var category, var color] && Categories.ContainsValue(category))
            {
                colors.Add(int.Parse(fields[0], CultureInfo.InvariantCulture), (category, color));
            }
        }

        PartColors result = new();
        int number = 0;
        foreach (string line in File.ReadLines(labels))
        {
            number++;
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (
                fields.Length < 4
                || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out int image)
                || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out int attribute)
                || !int.TryParse(fields[3], CultureInfo.InvariantCulture, out int certainty)
            )
            {
                throw new InvalidDataException(
                    $"'{labels}', line {number}: image, attribute, presence and certainty were expected, found '{line}'."
                );
            }

            if (
                fields[2] == "1"
                && certainty >= LeastCertainty
                && images.Contains(image)
                && colors.TryGetValue(attribute, out (string Category, string Color) found)
            )
            {
                result.Add(image, found.Category, found.Color);
            }
        }

        return result;
    }

    /// <summary>The colors of a part; none where the image's annotators saw none.</summary>
    public IReadOnlyList<string> Of(int image, string part) => _colors.GetValueOrDefault((image, Categories[part]), []);

    private void Add(int image, string category, string color)
    {
        if (!_colors.TryGetValue((image, category), out List<string>? colors))
        {
            _colors.Add((image, category), colors = []);
        }

        colors.Add(color);
    }
}
