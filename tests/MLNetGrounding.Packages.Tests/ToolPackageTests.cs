using System.IO.Compression;
using System.Runtime.InteropServices;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Packages;

/// <summary>The command line as a package: what it holds, and that it runs where it was installed.</summary>
[TestClass]
public sealed class ToolPackageTests
{
    private const string Tool = "MLNetGrounding.Tool";

    // A public feed takes packages of at most 250 MB.
    private const long LargestPackage = 250_000_000;

    [TestMethod]
    public void TheToolIsInstalledFromItsPackageAndRuns()
    {
        using TemporaryFolder feed = new();
        using TemporaryFolder home = new();
        string version = $"0.0.0-test{Guid.NewGuid():N}";
        string root = Path.GetFullPath(Path.Combine(TestData.Fixture("golden"), "..", "..", ".."));
        CommandLine.MustRun(
            root,
            [],
            "pack",
            Path.Combine("src", Tool),
            "-c",
            "Release",
            "-nologo",
            "-o",
            feed.Path,
            $"-p:PackageVersion={version}"
        );
        FileInfo platform = new(Path.Combine(feed.Path, $"{Tool}.{RuntimeInformation.RuntimeIdentifier}.{version}.nupkg"));
        Assert.IsTrue(platform.Exists, string.Join(", ", Directory.GetFiles(feed.Path)));
        Assert.IsLessThan(LargestPackage, platform.Length);
        using (ZipArchive package = ZipFile.OpenRead(platform.FullName))
        {
            Assert.IsTrue(package.Entries.Any(entry => entry.FullName.EndsWith("sample-llava/config.json", StringComparison.Ordinal)));
            Assert.IsTrue(package.Entries.Any(entry => entry.FullName.Contains("torch_cpu", StringComparison.Ordinal)));
        }

        home.Write(
            "NuGet.config",
            $"""<configuration><packageSources><clear /><add key="feed" value="{feed.Path}" /></packageSources></configuration>"""
        );
        KeyValuePair<string, string>[] settings = [new("NUGET_PACKAGES", Path.Combine(home.Path, "packages"))];
        CommandLine.MustRun(
            home.Path,
            settings,
            "tool",
            "install",
            Tool,
            "--tool-path",
            Path.Combine(home.Path, "tools"),
            "--version",
            version,
            "--configfile",
            Path.Combine(home.Path, "NuGet.config")
        );
        string program = Path.Combine(home.Path, "tools", OperatingSystem.IsWindows() ? "grounding.exe" : "grounding");
        string image = Directory.EnumerateFiles(TestData.Fixture("images"), "*.jpg").Order(StringComparer.Ordinal).First();
        (int exitCode, string output) = CommandLine.Run(program, home.Path, settings, image, "--words", "wheel,door", "--object", "car");
        Assert.AreEqual(0, exitCode, output);
        Assert.Contains("wheel: ", output);
        Assert.IsTrue(File.Exists(Path.Combine(home.Path, "grounding", "regions.csv")));
        Assert.AreEqual(0, CommandLine.Run(program, home.Path, settings, "model", "sample", "--check", image).ExitCode);
    }
}
