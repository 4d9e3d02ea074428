using Microsoft.ML.Runtime;

namespace MLNetGrounding.Data.Files;

/// <summary>Drops images that a data set lists and that are not there.</summary>
internal static class ExistingImages
{
    private const int NamedMissingImages = 5;

    /// <summary>Keeps what has a file, and says what has none; stops looking once there are enough.</summary>
    /// <param name="host">Takes the warning.</param>
    /// <param name="listed">What is listed, at least one.</param>
    /// <param name="path">The file of one.</param>
    /// <param name="limit">The most to keep, or null for all.</param>
    /// <param name="source">The file or folder of the list, for messages.</param>
    /// <param name="folder">The folder that the images belong below, for messages.</param>
    /// <exception cref="FileNotFoundException">None has a file.</exception>
    public static List<T> Of<T>(IHost host, IReadOnlyList<T> listed, Func<T, string> path, int? limit, string source, string folder)
    {
        List<T> found = [];
        List<string> missing = [];
        foreach (T each in listed)
        {
            if (found.Count == limit)
            {
                break;
            }

            if (File.Exists(path(each)))
            {
                found.Add(each);
            }
            else
            {
                missing.Add(path(each));
            }
        }

        if (found.Count == 0)
        {
            throw new FileNotFoundException(
                $"None of the {listed.Count} images to be loaded exists; the first is '{missing[0]}'. Unpack the images below '{folder}'.",
                missing[0]
            );
        }

        if (missing.Count > 0)
        {
            using IChannel channel = host.Start("Load");
            string names = string.Join(", ", missing.Distinct().Take(NamedMissingImages).Select(each => $"'{each}'"));
            channel.Warning(
                MessageSensitivity.UserData,
                $"{missing.Count} listed image(s) of '{source}' do not exist and were skipped: {names}{(missing.Count > NamedMissingImages ? ", ..." : "")}"
            );
        }

        return found;
    }
}
