using System.Globalization;
using Microsoft.ML.Data;

namespace GroundBirds;

[TestClass]
public sealed class GroundBirdsJobTests
{
    [TestMethod]
    public async Task ACorruptImageIsReportedAndTheOthersFinish()
    {
        using var run = new SmallRun();
        run.Corrupt(2);

        int exitCode = await run.RunAsync("--words", "beak,tail,leg");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.Contains(run.ImagePaths[2], run.Error);
        Assert.Contains("Skipped: 1 image", run.Output);
        Assert.HasCount(SmallRun.Images * 3, run.Scores);
        foreach (string[] line in run.Scores)
        {
            Assert.AreEqual(line[1] == run.ImagePaths[2], line[4] == "failed", string.Join(',', line));
        }

        Assert.HasCount(1, run.Error.Split('\n').Where(line => line.StartsWith("Skipped ", StringComparison.Ordinal)).ToArray());
        CollectionAssert.AreEqual(
            run.ImagePaths.SelectMany(path => new[] { path, path, path }).ToArray(),
            run.Scores.Select(line => line[1]).ToArray()
        );
    }

    [TestMethod]
    public async Task TheTableSumsUpTheScores()
    {
        using var run = new SmallRun();

        // A region of all cells that are not at the minimum hits now and then, even on random weights.
        int exitCode = await run.RunAsync("--threshold", "0");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        foreach (IGrouping<string, string[]> query in run.Scores.GroupBy(line => line[3]))
        {
            string[][] scored = [.. query.Where(line => line[4] == "scored")];
            double mpir = scored.Average(line => Number(line[7]));
            double hits = 100 * scored.Average(line => Number(line[5]));
            string expected = string.Create(CultureInfo.InvariantCulture, $"{query.Key} {scored.Length} {mpir:0.000} {hits:0.0} %");
            string printed = run
                .Output.Split('\n')
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                .First(line => line.StartsWith(query.Key + " ", StringComparison.Ordinal));
            Assert.StartsWith(expected, printed);
        }
    }

    [TestMethod]
    public async Task AScoreIsOneOverTheAreaOfAHit()
    {
        using var run = new SmallRun();

        await run.RunAsync("--threshold", "0");

        string[][] scored = [.. run.Scores.Where(line => line[4] == "scored")];
        Assert.IsTrue(scored.Any(line => line[5] == "1"), "no hit among the scores");
        foreach (string[] line in scored)
        {
            double expected = line[5] == "1" ? 1 / Number(line[6]) : 0;
            Assert.AreEqual(expected, Number(line[7]), 1e-3 * (1 + expected), string.Join(',', line));
        }
    }

    [TestMethod]
    public async Task TheObjectIsTheModelsOwnUnlessAnotherIsNamed()
    {
        using var run = new SmallRun();
        async Task<string> ScoresAsync(params string[] arguments)
        {
            Assert.AreEqual(
                ExitCode.Success,
                await run.RunAsync(["--words", "beak,belly,eye", "--overlays", "0", .. arguments]),
                run.Error
            );
            return string.Join('\n', run.Scores.Select(line => string.Join(',', line)));
        }

        string own = await ScoresAsync();

        Assert.AreEqual(own, await ScoresAsync("--object", "bird"));
        Assert.AreNotEqual(own, await ScoresAsync("--object", "tail"));
    }

    [TestMethod]
    public async Task APointsOwnNameIsScoredToo()
    {
        using var run = new SmallRun();

        await run.RunAsync("--words", "crown,crest", "--overlays", "1");

        Assert.IsTrue(run.Scores.Any(line => line[3] == "crown" && line[4] == "scored"));
        Assert.IsTrue(run.Scores.All(line => line[3] == "crown" || line[4] == "not scored"));
        Assert.Contains("no key point is known for it: 'crest'.", run.Error);
    }

    [TestMethod]
    public async Task AttributesWithoutVisibleKeyPointsAreNotScored()
    {
        using var run = new SmallRun();
        string locations = Path.Combine(run.Cub, "parts", "part_locs.txt");
        // The beak of the first image is hidden, whatever was drawn.
        File.WriteAllLines(
            locations,
            [.. File.ReadLines(locations).Select(line => line.StartsWith("1 2 ", StringComparison.Ordinal) ? "1 2 0.0 0.0 0" : line)]
        );

        await run.RunAsync("--words", "beak,eye");

        CollectionAssert.AreEquivalent(new[] { "not scored", "scored" }, run.Scores.Select(line => line[4]).Distinct().ToArray());
        var visible = File.ReadLines(locations)
            .Select(line => line.Split(' '))
            .Where(fields => fields[4] == "1")
            .Select(fields => (Image: fields[0], Part: fields[1]))
            .ToHashSet();
        foreach (string[] line in run.Scores)
        {
            // CUB's parts count from 1: 2 is the beak, 7 and 11 are the eyes.
            bool expected =
                line[3] == "beak"
                    ? visible.Contains((line[0], "2"))
                    : visible.Contains((line[0], "7")) || visible.Contains((line[0], "11"));
            Assert.AreEqual(expected ? "scored" : "not scored", line[4], string.Join(',', line));
        }
    }

    [TestMethod]
    public async Task ALimitAboveTheUsualNumberDrawsMoreBirds()
    {
        using var run = new SmallRun();

        await run.RunOnDrawnBirdsAsync("--words", "beak", "--limit", "26", "--overlays", "0");

        Assert.HasCount(27, File.ReadAllLines(Path.Combine(run.Out, "scores.csv")));
    }

    [TestMethod]
    public async Task RandomWeightsAreLabeledWhereverTheyShow()
    {
        using var run = new SmallRun();

        await run.RunAsync("--words", "beak", "--limit", "2");

        Assert.Contains("mPIR at threshold 0.05, model, random weights", run.Output);
        Assert.Contains("These weights are random", run.Output);
        Assert.Contains("2 layers of 4 heads, 6 x 6 cells", run.Output);
        Assert.IsTrue(
            File.ReadLines(Path.Combine(run.Out, "scores.csv"))
                .Skip(1)
                .All(line => line.EndsWith("\"model, random weights\"", StringComparison.Ordinal))
        );
        Assert.IsTrue(Directory.Exists(Path.Combine(run.Out, "overlays-random-weights")));
        Assert.IsFalse(Directory.Exists(Path.Combine(run.Out, "overlays")));
    }

    [TestMethod]
    public async Task AsManyImagesGetPicturesAsWereAskedFor()
    {
        using var run = new SmallRun();
        run.Corrupt(0);

        await run.RunAsync("--words", "beak,crest", "--overlays", "2");

        string overlays = Path.Combine(run.Out, "overlays-random-weights");
        string[] names = [.. run.ImagePaths.Skip(1).Take(2).Select(Path.GetFileNameWithoutExtension)!];
        CollectionAssert.AreEqual(
            names,
            Directory
                .GetFiles(overlays)
                .Select(Path.GetFileNameWithoutExtension)
                .Order()
                .Select(name => name![(name!.IndexOf('-') + 1)..])
                .ToArray()
        );
        foreach (string folder in Directory.GetDirectories(overlays))
        {
            CollectionAssert.AreEqual(
                (string[])["beak.png", "crest.png"],
                Directory.GetFiles(folder).Select(Path.GetFileName).Order().ToArray()
            );
        }
    }

    [TestMethod]
    public async Task PicturesOfAnEarlierRunAreReplaced()
    {
        using var run = new SmallRun();
        await run.RunAsync("--words", "beak", "--overlays", "3", "--figures", "2", "--limit", "3");
        string overlays = Path.Combine(run.Out, "overlays-random-weights");
        string figures = Path.Combine(run.Out, "figures-random-weights");
        Assert.HasCount(3, Directory.GetFiles(overlays));
        Assert.HasCount(2, Directory.GetDirectories(figures));

        await run.RunAsync("--words", "tail", "--overlays", "1", "--limit", "3");

        Assert.HasCount(1, Directory.GetFiles(overlays));
        CollectionAssert.AreEqual(
            new[] { "tail.png" },
            Directory.GetFiles(Directory.GetDirectories(overlays).Single()).Select(Path.GetFileName).ToArray()
        );
        Assert.IsEmpty(Directory.GetDirectories(figures));
    }

    [TestMethod]
    public async Task ASheetShowsTheImageAndThenThePictureOfEachQuery()
    {
        using var run = new SmallRun();

        await run.RunAsync("--words", "beak,crest", "--overlays", "1", "--limit", "1", "--threshold", "0.5");

        string overlays = Path.Combine(run.Out, "overlays-random-weights");
        using var sheet = MLImage.CreateFromFile(Directory.GetFiles(overlays).Single());
        foreach ((string query, int column) in (ReadOnlySpan<(string, int)>)[("beak", 1), ("crest", 2)])
        {
            using var picture = MLImage.CreateFromFile(Path.Combine(Directory.GetDirectories(overlays).Single(), $"{query}.png"));
            // Three places of the pictures' size, 8 pixels apart.
            Assert.AreEqual(((3 * (picture.Width + 8)) + 8, picture.Height + 16), (sheet.Width, sheet.Height));
            int left = 8 + (column * (picture.Width + 8));
            for (int y = 0; y < picture.Height; y++)
            {
                ReadOnlySpan<byte> shown = sheet.Pixels.Slice(4 * (((8 + y) * sheet.Width) + left), 4 * picture.Width);
                Assert.IsTrue(shown.SequenceEqual(picture.Pixels.Slice(4 * y * picture.Width, 4 * picture.Width)), $"{query}, row {y}");
            }
        }
    }

    [TestMethod]
    public async Task APictureThatCannotBeWrittenEndsTheRunInOneLine()
    {
        using var run = new SmallRun();
        Directory.CreateDirectory(run.Out);
        File.WriteAllText(Path.Combine(run.Out, "overlays-random-weights"), "a file where the folder should be");

        int exitCode = await run.RunAsync("--words", "beak");

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.HasCount(1, run.Error.Split('\n').Where(line => line.StartsWith("GroundBirds: ", StringComparison.Ordinal)).ToArray());
        Assert.Contains("overlays-random-weights", run.Error);
    }

    [TestMethod]
    public async Task TheRunSaysHowLongItWasInTheModel()
    {
        using var run = new SmallRun();

        await run.RunAsync("--words", "beak", "--profile");

        string line = run.Output.Split('\n').Single(each => each.StartsWith("Time: ", StringComparison.Ordinal));
        string[] words = line.Split(' ');
        Assert.IsGreaterThan(0, Number(words[1]), line);
        Assert.IsGreaterThan(0, Number(words[5]), line);
        Assert.AreEqual("images/s;", words[4]);
        Assert.Contains("Outside the model: ", run.Output);
    }

    [TestMethod]
    public async Task AWordWithoutKeyPointsGetsPicturesAndNoScores()
    {
        using var run = new SmallRun();

        int exitCode = await run.RunAsync("--words", "crest,beak", "--limit", "2");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.Contains("crest", run.Error);
        Assert.IsTrue(run.Scores.Where(line => line[3] == "crest").All(line => line[4] == "not scored"));
    }

    [TestMethod]
    public async Task AnInterruptedRunKeepsWhatIsDone()
    {
        using var run = new SmallRun();
        run.Corrupt(2);
        using var source = new CancellationTokenSource();
        using var error = new Watcher("Skipped ", source.Cancel);

        int exitCode = await run.RunAsync(error, source.Token, "--words", "beak,tail");

        Assert.AreEqual(ExitCode.Interrupted, exitCode, run.Error);
        Assert.HasCount(3 * 2, run.Scores);
        Assert.Contains("Interrupted", run.Output);
        Assert.Contains("beak", run.Output);
    }

    [TestMethod]
    public async Task NothingButCorruptImagesIsAFailure()
    {
        using var run = new SmallRun();
        run.Corrupt(0);

        int exitCode = await run.RunAsync("--limit", "1", "--words", "beak");

        Assert.AreEqual(ExitCode.Failure, exitCode);
        Assert.HasCount(1, run.Scores);
    }

    [TestMethod]
    public async Task TheReportHoldsEveryImageAndCountsTheOthers()
    {
        using var run = new SmallRun();
        run.Corrupt(1);
        string path = Path.Combine(run.Out, "report.html");

        string chosen = Path.GetFileName(run.ImagePaths[2]);
        int exitCode = await run.RunAsync(
            "--words",
            "beak,crest",
            "--report",
            path,
            "--report-details",
            "0",
            "--report-details-of",
            $"{chosen},none.png"
        );

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.Contains($"Report: {path}", run.Output);
        string page = await File.ReadAllTextAsync(path);
        string text = page.Split("<script type=\"application/json\" id=\"data\">")[1].Split("</script>")[0];
        using var data = System.Text.Json.JsonDocument.Parse(text);
        System.Text.Json.JsonElement images = data.RootElement.GetProperty("images");
        Assert.AreEqual(SmallRun.Images - 1, images.GetArrayLength());
        Assert.AreEqual(1, data.RootElement.GetProperty("failed").GetInt32());
        Assert.AreEqual(
            chosen,
            images.EnumerateArray().Single(image => image.TryGetProperty("layers", out _)).GetProperty("name").GetString()
        );
        Assert.HasCount(2, page.Split("<script type=\"text/plain\" id=\"detail-"));
        Assert.AreEqual(SmallRun.Images - 1, data.RootElement.GetProperty("heads").GetProperty("images").GetInt32());
        CollectionAssert.AreEqual(
            run.ImagePaths.Where((_, index) => index != 1).Select(Path.GetFileName).ToArray(),
            images.EnumerateArray().Select(image => image.GetProperty("name").GetString()).ToArray()
        );
    }

    [TestMethod]
    public async Task WithoutHeadsTheReportHasNoTableOfThem()
    {
        using var run = new SmallRun();
        string path = Path.Combine(run.Out, "report.html");

        int exitCode = await run.RunAsync("--words", "beak", "--limit", "2", "--report", path, "--no-report-heads", "--overlays", "0");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        Assert.DoesNotContain("\"heads\":{\"layers\"", await File.ReadAllTextAsync(path));
    }

    [TestMethod]
    public async Task FiguresAreWrittenForTheFirstImages()
    {
        using var run = new SmallRun();

        int exitCode = await run.RunAsync("--words", "beak,tail", "--figures", "1", "--limit", "2", "--overlays", "0");

        Assert.AreEqual(ExitCode.Success, exitCode, run.Error);
        string folder = Directory.GetDirectories(Path.Combine(run.Out, "figures-random-weights")).Single();
        CollectionAssert.AreEqual(
            (string[])
                [
                    "beak-heads-00.png",
                    "beak-heads-01.png",
                    "beak-layers.png",
                    "beak-question.png",
                    "mask-and-maps.png",
                    "queries.png",
                    "tail-heads-00.png",
                    "tail-heads-01.png",
                    "tail-layers.png",
                    "tail-question.png",
                ],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray()
        );
    }

    [TestMethod]
    public async Task AFigureThatCannotBeWrittenEndsTheRunInOneLine()
    {
        using var run = new SmallRun();
        string folder = Path.Combine(run.Out, "figures-random-weights", $"00001-{Path.GetFileNameWithoutExtension(run.ImagePaths[0])}");
        string file = Path.Combine(folder, "beak-layers.png");
        Directory.CreateDirectory(file);

        int exitCode = await run.RunAsync("--words", "beak", "--figures", "1", "--overlays", "0");

        Assert.AreEqual(ExitCode.Failure, exitCode);
        string line = run.Error.Split('\n').Single(each => each.StartsWith("GroundBirds: ", StringComparison.Ordinal));
        Assert.DoesNotContain("One or more errors", line);
        Assert.Contains("mPIR at threshold 0.05", run.Output, "the table prints whatever fails");
        Assert.IsEmpty(Directory.GetFiles(folder, "*.unfinished"));
    }

    [TestMethod]
    public async Task MapsAreShownInPlainCharactersWhereThereAreNoColors()
    {
        using var run = new SmallRun();

        await run.RunAsync("--words", "beak,tail", "--show", "1", "--limit", "2", "--overlays", "0");

        string[] lines = run.Output.Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith(Path.GetFileName(run.ImagePaths[0]), StringComparison.Ordinal));
        Assert.IsGreaterThan(0, first);
        Assert.StartsWith("beak", lines[first + 1]);
        Assert.Contains("tail", lines[first + 1]);
        // Six rows of cells, two characters each; the largest value is somewhere.
        Assert.IsTrue(lines.Skip(first + 2).Take(6).Any(line => line.Contains("@@", StringComparison.Ordinal)));
        Assert.IsTrue(
            lines
                .Skip(first + 2)
                .Take(6)
                .All(line => line.TrimEnd().All(character => " .:-=+*#%@".Contains(character, StringComparison.Ordinal)))
        );
        Assert.DoesNotContain(Path.GetFileName(run.ImagePaths[1]), run.Output);
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
