using MLNetGrounding.Testing;

namespace MLNetGrounding.Packages;

/// <summary>What the pages show a user compiles in a project that knows the packages alone, for both frameworks.</summary>
public sealed partial class PackageTests
{
    // Whose pieces stand alone; those of other pages go on from one another.
    private static IEnumerable<string> Pages =>
        new[] { "guides", "concepts" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, "docs", folder), "*.md"))
            .Order(StringComparer.Ordinal)
            .Prepend(Path.Combine(Root, "build", "PACKAGE.md"))
            .Prepend(Path.Combine(Root, "README.md"));

    [TestMethod]
    public void EveryPieceOfCSharpOnThePagesCompiles()
    {
        using TemporaryFolder folder = new();
        Consumer consumer = new(
            folder,
            Feed,
            $"MLNetGrounding@{Version}",
            $"MLNetGrounding.Samples@{Version}",
            $"MLNetGrounding.Extensions@{Version}"
        );
        consumer.AddFramework("Microsoft.AspNetCore.App");
        int count = 0;
        foreach (string page in Pages)
        {
            foreach (string block in Snippets.Of(page))
            {
                count++;
                folder.Write($"Snippet{count}.cs", Snippets.InClass(block, $"Snippet{count}"));
            }
        }

        Assert.IsGreaterThanOrEqualTo(10, count);
        consumer.BuildLibrary();
    }

    [TestMethod]
    public void TheFirstPhotosOfTheReadmeRunInAProjectOutsideTheRepository()
    {
        using TemporaryFolder folder = new();
        Consumer consumer = new(
            folder,
            Feed,
            $"MLNetGrounding@{Version}",
            $"MLNetGrounding.Samples@{Version}",
            $"TorchSharp-cpu@{TorchSharpVersion}"
        );
        folder.Write(
            "Program.cs",
            Snippets.Of(Path.Combine(Root, "README.md")).First(block => block.Contains("LoadImageFiles", StringComparison.Ordinal))
        );
        foreach (
            string image in Directory
                .EnumerateFiles(Path.Combine(TestData.Fixture("images")), "*.jpg")
                .Order(StringComparer.Ordinal)
                .Take(2)
        )
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, "photos"));
            File.Copy(image, Path.Combine(folder.Path, "photos", Path.GetFileName(image)));
        }

        consumer.Build();
        (int exitCode, string output) = consumer.Run();
        Assert.AreEqual(0, exitCode, output);
        Assert.AreEqual(2, output.Split('\n').Count(line => line.Contains(": wheel at ", StringComparison.Ordinal)), output);
        Assert.AreEqual(2, output.Split('\n').Count(line => line.Contains(": door at ", StringComparison.Ordinal)), output);
    }
}
