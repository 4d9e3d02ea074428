namespace MLNetGrounding.Testing;

/// <summary>Finds the committed fixtures, and the data that is too large or not ours to commit.</summary>
public static class TestData
{
    /// <summary>Names a folder with <c>golden/</c>, <c>cub/subset200/CUB_200_2011</c> and <c>tokenizers/</c>.</summary>
    public const string Variable = "GROUNDING_DATA";

    /// <summary>A file or folder under tests/Fixtures.</summary>
    public static string Fixture(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string fixtures = Path.Combine(folder.FullName, "tests", "Fixtures");
            if (Directory.Exists(fixtures))
            {
                return Existing(Path.Combine(fixtures, relativePath));
            }
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds tests/Fixtures.");
    }

    /// <summary>
    /// A file or folder under the folder that GROUNDING_DATA names; the test is inconclusive where the variable is unset.
    /// </summary>
    public static string Require(string relativePath)
    {
        string? root = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(root))
        {
            Assert.Inconclusive($"Set the environment variable {Variable} to a folder that holds {relativePath}.");
        }
        return Existing(Path.Combine(root, relativePath));
    }

    private static string Existing(string path) =>
        Path.Exists(path) ? path : throw new FileNotFoundException($"{path} does not exist.", path);
}
