namespace MLNetGrounding.Data.Files;

/// <summary>
/// Turns relative paths of a listing into absolute ones, and refuses those that leave the folder, through a link only where links are
/// followed.
/// </summary>
internal sealed class ContainedFolder
{
    // Chains longer than this are taken for a cycle, as the operating systems do.
    private const int LargestLinkDepth = 40;

    private readonly string _path;
    private readonly string _realPrefix;
    private readonly string _followOption;
    private readonly bool _followLinks;
    private readonly Dictionary<string, string> _realFolders = new(StringComparer.Ordinal);

    /// <param name="path">The folder.</param>
    /// <param name="followLinks">Whether links inside the folder may lead out of it.</param>
    /// <param name="followOption">The option that says so, for messages.</param>
    public ContainedFolder(string path, bool followLinks, string followOption)
    {
        _followOption = followOption;
        _followLinks = followLinks;
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _realPrefix = Path.TrimEndingDirectorySeparator(RealPath(_path, 0)) + Path.DirectorySeparatorChar;
    }

    /// <summary>The absolute path of a file of this folder.</summary>
    /// <param name="subfolder">The folder that the listing refers to.</param>
    /// <param name="relativePath">The path as listed, below <paramref name="subfolder"/>.</param>
    /// <param name="path">Receives the absolute path; the file need not exist.</param>
    /// <returns>Why the path is refused, or <see langword="null"/>.</returns>
    public string? Resolve(string subfolder, string relativePath, out string path)
    {
        path = "";
        // Both separators count on every system, so that a listing is refused everywhere or nowhere.
        if (
            relativePath.Contains('\0')
            || Path.IsPathRooted(relativePath)
            || relativePath.Split('/', '\\').Any(part => part is ".." or "" || part.Contains(':'))
        )
        {
            return "The path leaves the folder of the data set; only files inside it are read.";
        }

        path = Path.Combine(_path, subfolder, relativePath);
        if (_followLinks)
        {
            return null;
        }

        string folder = Path.GetDirectoryName(path)!;
        if (!_realFolders.TryGetValue(folder, out string? realFolder))
        {
            _realFolders[folder] = realFolder = RealPath(folder, 0);
        }

        string real = RealPart(realFolder, Path.GetFileName(path), 0);
        return real.StartsWith(_realPrefix, StringComparison.Ordinal)
            ? null
            : $"A link leads from '{path}' to '{real}', out of the folder of the data set. Set {_followOption} (--follow-links on a command line) to read it there.";
    }

    private static string RealPath(string path, int depth)
    {
        string full = Path.GetFullPath(path);
        string current = Path.GetPathRoot(full)!;
        foreach (string part in full[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            current = RealPart(current, part, depth);
        }

        return current;
    }

    private static string RealPart(string realFolder, string name, int depth)
    {
        string path = Path.Combine(realFolder, name);
        if (new FileInfo(path).LinkTarget is not { } target)
        {
            return path;
        }

        return depth < LargestLinkDepth
            ? RealPath(Path.Combine(realFolder, target), depth + 1)
            : throw new IOException($"'{path}' is a link that leads through more than {LargestLinkDepth} others.");
    }
}
