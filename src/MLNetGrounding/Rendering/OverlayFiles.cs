using System.Globalization;
using System.Text;

namespace MLNetGrounding.Rendering;

/// <summary>Writes a picture for each map of grounded images.</summary>
internal static class OverlayFiles
{
    // File systems take 255 bytes; what is added to a name needs some.
    private const int MostBytes = 100;

    /// <summary>Writes the pictures of images one after the other.</summary>
    /// <param name="images">The images, which are disposed.</param>
    /// <param name="folder">The folder, which is made where there is none.</param>
    /// <param name="regionThreshold">Where the regions end.</param>
    /// <returns>The files in the order in which they were written.</returns>
    public static IReadOnlyList<string> Save(IEnumerable<GroundedImage> images, string folder, double regionThreshold)
    {
        Directory.CreateDirectory(folder);
        List<string> files = [];
        int number = 0;
        foreach (GroundedImage image in images)
        {
            using (image)
            {
                number++;
                if (!image.Failed)
                {
                    Save(image, folder, number, regionThreshold, files);
                }
            }
        }

        return files;
    }

    private static void Save(GroundedImage image, string folder, int number, double regionThreshold, List<string> files)
    {
        using GroundingOverlay plain = new(image.Image, image.Geometry);
        for (int method = 0; method < image.Methods.Count; method++)
        {
            for (int query = 0; query < image.Queries.Count; query++)
            {
                float[] map = image.MapOf(method, query).ToArray();
                if (!map.All(float.IsFinite))
                {
                    continue;
                }

                string[] parts =
                [
                    number.ToString("00000", CultureInfo.InvariantCulture),
                    Path.GetFileNameWithoutExtension(image.Name),
                    .. image.Methods.Count > 1 ? (string[])[image.Methods[method].Method] : [],
                    (query + 1).ToString("00", CultureInfo.InvariantCulture),
                    image.Queries[query],
                ];
                string path = Path.Combine(folder, string.Join('-', parts.Where(part => part.Length > 0).Select(Safe)) + ".png");
                using GroundingOverlay overlay = plain.Copy();
                overlay.DrawMap(map).DrawRegion(map, regionThreshold).DrawLabel(image.Queries[query]).Save(path);
                files.Add(path);
            }
        }
    }

    /// <summary>Letters, digits and what is harmless in a file's name on every system.</summary>
    private static string Safe(string text)
    {
        StringBuilder safe = new();
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MostBytes)
            {
                break;
            }

            safe.Append(Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or '.' ? rune.ToString() : "_");
        }

        return safe.ToString();
    }
}
