using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Reporting;

/// <summary>What lies in <c>golden2</c> below the folder that GROUNDING_DATA names, found by looking.</summary>
internal static class GoldenFolders
{
    /// <summary>Stands for the data of a test where GROUNDING_DATA is unset, so that the test can say so.</summary>
    public const string None = "";

    private const string Root = "golden2";

    /// <summary>Names of files below a folder of golden2, without their extension; just <see cref="None"/> where there are none.</summary>
    /// <param name="folder">The folder, such as <c>tokenizers</c>; empty for golden2 itself.</param>
    /// <param name="pattern">The names looked for.</param>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        TryFind(folder) is { } path && Directory.GetFiles(path, pattern) is { Length: > 0 } files
            ? files.Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)
            : [None];

    /// <summary>Names of folders in a folder of golden2 that hold a file; just <see cref="None"/> where there are none.</summary>
    /// <param name="folder">The folder; empty for golden2 itself.</param>
    /// <param name="file">The file, such as <c>prompt.json</c>.</param>
    public static IEnumerable<string> Folders(string folder, string file) =>
        TryFind(folder) is { } path
        && Directory.GetDirectories(path).Where(inner => File.Exists(Path.Combine(inner, file))).ToArray() is { Length: > 0 } folders
            ? folders.Select(inner => Path.GetFileName(inner)).Order(StringComparer.Ordinal)
            : [None];

    /// <summary>A file or folder of golden2; the test is inconclusive where GROUNDING_DATA is unset or holds none.</summary>
    public static string Require(params string[] path)
    {
        if (path.Contains(None))
        {
            Assert.Inconclusive(
                $"Set the environment variable {TestData.Variable} to a folder that holds {Root} with {string.Join('/', path.Where(part => part != None))}."
            );
        }

        return TestData.Require(Path.Combine([Root, .. path]));
    }

    /// <summary>A path that golden data names: <c>shared/x</c> is x below the folder that GROUNDING_DATA names.</summary>
    public static string Resolve(string path)
    {
        const string prefix = "shared/";
        return TestData.Require(path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : path);
    }

    private static string? TryFind(string folder) =>
        Environment.GetEnvironmentVariable(TestData.Variable) is { Length: > 0 } data
        && Path.Combine(data, Root, folder) is var path
        && Directory.Exists(path)
            ? path
            : null;
}
