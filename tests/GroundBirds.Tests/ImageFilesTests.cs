using System.Diagnostics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GroundBirds;

/// <summary>Runs over image files that are ordinary in other ways than the sample's.</summary>
[TestClass]
public sealed class ImageFilesTests
{
    // Generous: only to end a run that would wait for ever.
    private const int HangGuard = 300_000;

    [TestMethod]
    public async Task BirdsStoredSidewaysScoreAsUprightOnes()
    {
        using var run = new SmallRun();
        await run.RunAsync("--threshold", "0", "--overlays", "0");
        IReadOnlyList<string[]> upright = run.Scores;
        Assert.IsTrue(upright.Any(line => line[4] == "scored"));
        foreach (string path in run.ImagePaths)
        {
            using var image = Image.Load(path);
            image.Mutate(picture => picture.Rotate(RotateMode.Rotate270));
            image.Metadata.ExifProfile = new ExifProfile();
            // To be turned by 90 degrees clockwise.
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);
            await image.SaveAsPngAsync(path);
        }

        int exitCode = await run.RunAsync("--threshold", "0", "--overlays", "0", "--out", run.Out + "-sideways");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        string[][] sideways =
        [
            .. File.ReadLines(Path.Combine(run.Out + "-sideways", "scores.csv")).Skip(1).Select(line => line.Split(',')),
        ];
        CollectionAssert.AreEqual(
            upright.Select(line => string.Join(',', line)).ToArray(),
            sideways.Select(line => string.Join(',', line)).ToArray()
        );
    }

    [TestMethod]
    public async Task AFileNameOfTheLongestLengthGetsItsPictures()
    {
        using var run = new SmallRun();
        string list = Path.Combine(run.Cub, "images.txt");
        string[] lines = File.ReadAllLines(list);
        string[] first = lines[0].Split(' ');
        string folder = Path.GetDirectoryName(first[1])!;
        string renamed = $"{folder}/{new string('n', 255 - ".png".Length)}.png";
        File.Move(Path.Combine(run.Cub, "images", first[1]), Path.Combine(run.Cub, "images", renamed));
        lines[0] = $"{first[0]} {renamed}";
        File.WriteAllLines(list, lines);

        int exitCode = await run.RunAsync("--words", "beak", "--overlays", "2", "--figures", "1", "--limit", "2");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.HasCount(2, Directory.GetFiles(Path.Combine(run.Out, "overlays-random-weights")));
        Assert.IsNotEmpty(Directory.GetFiles(Directory.GetDirectories(Path.Combine(run.Out, "figures-random-weights")).Single()));
    }

    [TestMethod]
    public async Task EachQueryGetsAPictureOfItsOwn()
    {
        using var run = new SmallRun();

        int exitCode = await run.RunAsync("--words", "beak/wing,beak:wing", "--overlays", "1", "--figures", "1", "--limit", "1");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        string pictures = Directory.GetDirectories(Path.Combine(run.Out, "overlays-random-weights")).Single();
        CollectionAssert.AreEquivalent(
            new[] { "beak_wing.png", "beak_wing-2.png" },
            Directory.GetFiles(pictures).Select(Path.GetFileName).ToArray()
        );
        string figures = Directory.GetDirectories(Path.Combine(run.Out, "figures-random-weights")).Single();
        Assert.IsTrue(
            File.Exists(Path.Combine(figures, "beak_wing-layers.png")) && File.Exists(Path.Combine(figures, "beak_wing-2-layers.png"))
        );
    }

    [TestMethod]
    [Timeout(HangGuard)]
    [DataRow(1_000_000, 1)]
    [DataRow(1, 1_000_000)]
    public async Task AnImageOfOneRowOrColumnIsGroundedDrawnAndReported(int width, int height)
    {
        using var run = new SmallRun();
        using (var image = new Image<L8>(width, height, new L8(200)))
        {
            await image.SaveAsPngAsync(run.ImagePaths[0]);
        }

        int exitCode = await run.RunAsync(
            "--words",
            "beak",
            "--overlays",
            "1",
            "--figures",
            "1",
            "--limit",
            "1",
            "--report",
            Path.Combine(run.Out, "report.html")
        );

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.HasCount(1, Directory.GetFiles(Path.Combine(run.Out, "overlays-random-weights")));
        Assert.IsTrue(File.Exists(Path.Combine(run.Out, "report.html")));
    }

    [TestMethod]
    [Timeout(HangGuard)]
    public async Task APipeCostsItsOwnRowOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no pipes among files.");
        }

        using var run = new SmallRun();
        string path = run.ImagePaths[1];
        File.Delete(path);
        using (var make = Process.Start("mkfifo", [path]))
        {
            await make.WaitForExitAsync();
        }

        int exitCode = await run.RunAsync("--words", "beak", "--overlays", "0");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.Contains($"'{path}' is empty, a pipe or a device", run.Error);
        Assert.Contains("Skipped: 1 image", run.Output);
    }
}
