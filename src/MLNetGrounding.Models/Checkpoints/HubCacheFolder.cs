namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Where Hugging Face's tools keep what they download.</summary>
internal static class HubCacheFolder
{
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>
    /// The folder: <c>HF_HUB_CACHE</c>, else <c>HUGGINGFACE_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>, which is by default
    /// <c>huggingface</c> in <c>XDG_CACHE_HOME</c> or in <c>~/.cache</c>. <c>~</c> and variables in them are expanded.
    /// </summary>
    public static string Path => Find(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>As <see cref="Path"/>, for an environment and a home folder.</summary>
    public static string Find(Func<string, string?> variable, string home)
    {
        return Value("HF_HUB_CACHE", variable, home)
            ?? Value("HUGGINGFACE_HUB_CACHE", variable, home)
            ?? System.IO.Path.Combine(Home(variable, home), "hub");
    }

    /// <summary>
    /// The file that Hugging Face's tools keep a user's token in: <c>HF_TOKEN_PATH</c>, else <c>token</c> in <c>HF_HOME</c>.
    /// </summary>
    public static string TokenPath(Func<string, string?> variable, string home) =>
        Value("HF_TOKEN_PATH", variable, home) ?? System.IO.Path.Combine(Home(variable, home), "token");

    /// <summary>The folder of a model in a cache.</summary>
    public static string ModelFolder(string cache, string model) =>
        System.IO.Path.Combine(cache, "models--" + model.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>Whether a text can be the name of a model on the hub: <c>organization/name</c>.</summary>
    public static bool IsModelName(string text)
    {
        const int longestPart = 96;
        string[] parts = text.Split('/');
        return parts.Length == 2
            && !parts[1].EndsWith(".git", StringComparison.Ordinal)
            && Array.TrueForAll(
                parts,
                part =>
                    part.Length is > 0 and <= longestPart
                    && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
                    && part[0] is not '.' and not '-'
                    && part[^1] is not '.' and not '-'
                    && !part.Contains("..", StringComparison.Ordinal)
                    && !part.Contains("--", StringComparison.Ordinal)
            );
    }

    /// <summary>The snapshot folders of a model that lie in a cache, the one that its branch <c>main</c> names first.</summary>
    public static IReadOnlyList<string> Snapshots(string cache, string model) => Snapshots(ModelFolder(cache, model));

    /// <summary>The snapshot folder that a model's name stands for: the one that its branch <c>main</c> names, else the only one.</summary>
    public static string? TrySnapshot(string cache, string model) =>
        Snapshots(cache, model) switch
        {
            [var only] => only,
            [var first, ..] when Main(ModelFolder(cache, model)) == System.IO.Path.GetFileName(first) => first,
            _ => null,
        };

    /// <summary>The snapshot folders in a model's folder of a cache.</summary>
    public static IReadOnlyList<string> Snapshots(string modelFolder)
    {
        try
        {
            string snapshots = System.IO.Path.Combine(modelFolder, "snapshots");
            string? current = Main(modelFolder);
            return !Directory.Exists(snapshots)
                ? []
                :
                [
                    .. Directory
                        .GetDirectories(snapshots)
                        .OrderBy(folder => System.IO.Path.GetFileName(folder) != current)
                        .ThenBy(folder => folder, StringComparer.Ordinal),
                ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Main(string modelFolder)
    {
        string main = System.IO.Path.Combine(modelFolder, "refs", "main");
        return File.Exists(main) ? File.ReadAllText(main).Trim() : null;
    }

    private static string Home(Func<string, string?> variable, string home) =>
        Value("HF_HOME", variable, home)
        ?? System.IO.Path.Combine(Value("XDG_CACHE_HOME", variable, home) ?? System.IO.Path.Combine(home, ".cache"), "huggingface");

    private static string? Value(string name, Func<string, string?> variable, string home) =>
        variable(name) is { Length: > 0 } value ? Expand(value, variable, home) : null;

    private static string Expand(string path, Func<string, string?> variable, string home)
    {
        string expanded =
            path == "~" ? home
            : path.Length > 1 && path[0] == '~' && Separators.Contains(path[1]) ? System.IO.Path.Combine(home, path[2..])
            : path;
        return System.Text.RegularExpressions.Regex.Replace(
            expanded,
            @"\$(\w+|\{\w+\})",
            match => variable(match.Groups[1].Value.Trim('{', '}')) ?? match.Value
        );
    }
}
