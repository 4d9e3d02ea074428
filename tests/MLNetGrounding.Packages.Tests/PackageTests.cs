using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Packages;

/// <summary>
/// What <c>dotnet pack</c> makes of the libraries is complete, and works in a project that knows nothing of the repository.
/// </summary>
[TestClass]
public sealed partial class PackageTests
{
    private static readonly string[] Libraries =
    [
        "MLNetGrounding.Maths",
        "MLNetGrounding.Models",
        "MLNetGrounding",
        "MLNetGrounding.Extensions",
        "MLNetGrounding.Samples",
    ];

    private static readonly string[] Frameworks = ["net8.0", "net10.0"];

    // No cache of packages holds this version of an earlier build.
    private static readonly string Version = $"0.0.0-test{Guid.NewGuid():N}";

    private static TemporaryFolder? _feed;

    private static string Root => Path.GetFullPath(Path.Combine(TestData.Fixture("golden"), "..", "..", ".."));

    private static string Feed => _feed!.Path;

    private static string OwnSources => Path.Combine(Root, "tests", "MLNetGrounding.Packages.Tests", "Consumers", "Own");

    private static string TorchSharpVersion =>
        XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("TorchSharpVersion").Single().Value;

    [ClassInitialize]
    public static void Pack(TestContext context)
    {
        _feed = new TemporaryFolder();
        foreach (string library in Libraries)
        {
            CommandLine.MustRun(
                Root,
                [],
                "pack",
                Path.Combine("src", library),
                "-c",
                "Release",
                "-nologo",
                "-o",
                Feed,
                $"-p:PackageVersion={Version}"
            );
        }
    }

    [ClassCleanup]
    public static void Clean() => _feed?.Dispose();

    [TestMethod]
    [DataRow("MLNetGrounding.Maths")]
    [DataRow("MLNetGrounding.Models")]
    [DataRow("MLNetGrounding")]
    [DataRow("MLNetGrounding.Extensions")]
    [DataRow("MLNetGrounding.Samples")]
    public void APackageHoldsReadmeLicenseDocumentationAndSymbols(string library)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Feed, $"{library}.{Version}.nupkg"));
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        CollectionAssert.Contains(files, "PACKAGE.md");
        foreach (string framework in Frameworks)
        {
            CollectionAssert.Contains(files, $"lib/{framework}/{library}.dll");
            CollectionAssert.Contains(files, $"lib/{framework}/{library}.xml");
        }

        using Stream manifest = package.GetEntry($"{library}.nuspec")!.Open();
        XElement metadata = XDocument.Load(manifest).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.AreEqual("MIT", Value("license"));
        Assert.AreEqual("PACKAGE.md", Value("readme"));
        Assert.AreNotEqual("", Value("description"));

        using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(Feed, $"{library}.{Version}.snupkg"));
        string[] symbolFiles = [.. symbols.Entries.Select(entry => entry.FullName)];
        foreach (string framework in Frameworks)
        {
            CollectionAssert.Contains(symbolFiles, $"lib/{framework}/{library}.pdb");
        }
    }

    [TestMethod]
    public void ThePackageOfTheSamplesBringsTheSampleModel()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Feed, $"MLNetGrounding.Samples.{Version}.nupkg"));
        Assert.IsTrue(package.Entries.Any(entry => entry.FullName.EndsWith("sample-llava/config.json", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void TheQuickStartRunsInAProjectOutsideTheRepository()
    {
        using var folder = new TemporaryFolder();
        var consumer = new Consumer(
            folder,
            Feed,
            $"MLNetGrounding@{Version}",
            $"MLNetGrounding.Samples@{Version}",
            $"TorchSharp-cpu@{TorchSharpVersion}"
        );
        consumer.TakeExample(Path.Combine(Root, "examples", "QuickStart.cs"));
        consumer.Build();
        (int exitCode, string output) = consumer.Run();
        Assert.AreEqual(0, exitCode, output);
        Assert.Contains("beak   mPIR", output);
        Assert.Contains("tail   mPIR", output);
    }

    [TestMethod]
    public void MethodsAndAScoreAreWrittenWithThePackagesAloneInCSharp12()
    {
        using var folder = new TemporaryFolder();
        string[] packages = [$"MLNetGrounding@{Version}", $"MLNetGrounding.Samples@{Version}", $"TorchSharp-cpu@{TorchSharpVersion}"];
        var consumer = new Consumer(folder, Feed, "12", packages);
        consumer.TakeFolder(OwnSources);
        consumer.Build();
        (int exitCode, string output) = consumer.Run();
        Assert.AreEqual(0, exitCode, output);
        foreach (string method in new[] { "AllHeadsMean", "StrongestHead", "WholeQuestion" })
        {
            StringAssert.Matches(output, new Regex($@"^{method} peak_distance 0\.\d+ from 0\.\d+ to 0\.\d+\r?$", RegexOptions.Multiline));
        }

        Assert.DoesNotContain("False", output);
        Assert.Contains(
            "saved models have no name for the method 'StrongestHead'. Call GroundingMethods.Register<StrongestHeadGrounding>",
            output
        );
        Assert.Contains("StrongestHead 6 True", output);
        Assert.Contains("WholeQuestion 6 True", output);
    }

    [TestMethod]
    [DataRow("adding-a-method.md", "StrongestHeadGrounding.cs")]
    [DataRow("adding-a-method.md", "WholeQuestionGrounding.cs")]
    [DataRow("adding-a-score.md", "PeakDistanceScore.cs")]
    public void TheNotesShowWhatIsCompiled(string page, string source)
    {
        string code = File.ReadAllText(Path.Combine(OwnSources, source));
        string type = code[code.IndexOf("/// <summary>", StringComparison.Ordinal)..].Trim();
        Assert.Contains($"```csharp\n{type}\n```", File.ReadAllText(Path.Combine(Root, "docs", page)));
    }

    [TestMethod]
    public void WithoutANativePackageTheErrorNamesTheOneToAdd()
    {
        using var folder = new TemporaryFolder();
        var consumer = new Consumer(folder, Feed, $"MLNetGrounding@{Version}", $"MLNetGrounding.Samples@{Version}");
        consumer.TakeExample(Path.Combine(Root, "examples", "QuickStart.cs"));
        consumer.Build();
        (int exitCode, string output) = consumer.Run();
        Assert.AreNotEqual(0, exitCode);
        Assert.Contains($"dotnet add package TorchSharp-cpu --version {TorchSharpVersion}", output);
    }
}
