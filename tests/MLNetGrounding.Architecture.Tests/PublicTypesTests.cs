using System.Text.RegularExpressions;

namespace MLNetGrounding.Architecture;

/// <summary>What users see is on a page, and the page holds nothing else.</summary>
[TestClass]
public sealed partial class PublicTypesTests
{
    [TestMethod]
    public void EveryPublicTypeStandsOnThePage()
    {
        string[] types = [.. PublicTypes()];
        Assert.IsNotEmpty(types);
        string missing = string.Join(", ", types.Except(OnThePage()).Order(StringComparer.Ordinal));
        Assert.AreEqual("", missing, "Public types without a phrase in docs/types.md; make them internal or add them to its tables.");
    }

    [TestMethod]
    public void ThePageHoldsNoOtherTypes()
    {
        string unknown = string.Join(", ", OnThePage().Except(PublicTypes()).Order(StringComparer.Ordinal));
        Assert.AreEqual("", unknown, "docs/types.md lists what is no public type.");
    }

    // Lines of tracked API without a result and without parameters are types.
    private static IEnumerable<string> PublicTypes() =>
        Directory
            .EnumerateDirectories(Path.Combine(SourceTree.FindRoot(), "src"))
            .Select(project => Path.Combine(project, "PublicAPI.Unshipped.txt"))
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Where(line =>
                line.Length > 0 && !line.StartsWith('#') && !line.Contains("->", StringComparison.Ordinal) && !line.Contains('(')
            )
            .Select(line => line.Split('<')[0].Split('.')[^1]);

    // The first cell of each row of the tables.
    private static IEnumerable<string> OnThePage() =>
        File.ReadLines(Path.Combine(SourceTree.FindRoot(), "docs", "types.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Name().Matches(line.Split('|')[1]))
            .Select(match => match.Groups[1].Value);

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Name();
}
