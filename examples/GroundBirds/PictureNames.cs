using System.Text;

namespace GroundBirds;

/// <summary>Names of files and folders made of image files' names and queries: safe on every system, short enough, none twice.</summary>
internal static class PictureNames
{
    // File systems take 255 bytes; what is added to a name needs some.
    private const int MostBytes = 180;

    /// <summary>The name of an image's pictures: its number, which no other has, and its file's name.</summary>
    public static string Of(int imageId, string imagePath) => Shortened($"{imageId:00000}-{Path.GetFileNameWithoutExtension(imagePath)}");

    /// <summary>The names of queries, in their order: letters and digits, with a number where two would be alike.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> queries)
    {
        // Some file systems do not tell upper from lower case.
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>();
        foreach (string query in queries)
        {
            string safe = Shortened(string.Concat(query.Select(character => char.IsLetterOrDigit(character) ? character : '_')));
            string name = safe;
            for (int number = 2; !taken.Add(name); number++)
            {
                name = $"{safe}-{number}";
            }

            names.Add(name);
        }

        return names;
    }

    private static string Shortened(string name)
    {
        int bytes = 0;
        int length = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MostBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return name[..length];
    }
}
