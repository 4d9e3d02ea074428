using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>A cache folder as lines, in the form of the recorded ones.</summary>
internal static partial class CacheTree
{
    private const string EmptyFolder = "/  dir (empty)";

    /// <summary>The recorded caches, by scenario.</summary>
    public static IReadOnlyDictionary<string, string[]> Read(string path)
    {
        Dictionary<string, string[]> sections = new(StringComparer.Ordinal);
        foreach (string section in File.ReadAllText(path).Split("\n## ")[1..])
        {
            string[] lines = section.Split('\n');
            sections[lines[0].Split(':')[0]] = [.. lines[1..].Where(line => line.Length > 0)];
        }

        return sections;
    }

    /// <summary>A folder's lines: links with their targets; files with size and mode, and the text of references.</summary>
    public static IReadOnlyList<string> Of(string home)
    {
        List<string> lines = [];
        foreach (string path in Directory.EnumerateFileSystemEntries(home, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(home, path);
            FileInfo file = new(path);
            if (file.LinkTarget is { } target)
            {
                lines.Add($"{name} -> {target}");
            }
            else if (!Directory.Exists(path))
            {
                string mode = OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);
                lines.Add(
                    $"{name}  {file.Length} bytes, mode {mode}{(name.Contains("/refs/", StringComparison.Ordinal) ? $" = \"{File.ReadAllText(path)}\"" : "")}"
                );
            }
            else if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                lines.Add(name + EmptyFolder);
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Makes a folder of recorded lines.</summary>
    /// <param name="home">The folder.</param>
    /// <param name="lines">What is in it.</param>
    /// <param name="content">Gives the content of a file by its path and size.</param>
    public static void Make(string home, IEnumerable<string> lines, Func<string, int, byte[]> content)
    {
        foreach (string line in lines)
        {
            if (line.EndsWith(EmptyFolder, StringComparison.Ordinal))
            {
                Directory.CreateDirectory(Path.Combine(home, line[..^EmptyFolder.Length]));
                continue;
            }

            Match file = FileLine().Match(line);
            string path = Path.Combine(home, file.Success ? file.Groups["path"].Value : line.Split(" -> ")[0]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!file.Success)
            {
                File.CreateSymbolicLink(path, line.Split(" -> ")[1]);
                continue;
            }

            byte[] bytes = file.Groups["text"].Success
                ? System.Text.Encoding.ASCII.GetBytes(file.Groups["text"].Value)
                : content(file.Groups["path"].Value, int.Parse(file.Groups["size"].Value, CultureInfo.InvariantCulture));
            File.WriteAllBytes(path, bytes);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(file.Groups["mode"].Value, 8));
            }
        }
    }

    [GeneratedRegex("^(?<path>.+?)  (?<size>\\d+) bytes, mode (?<mode>\\d+)(?: = \"(?<text>.*)\")?$")]
    private static partial Regex FileLine();
}
