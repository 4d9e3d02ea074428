using System.Text.Json;
using Microsoft.ML;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Scoring;

/// <summary>Evaluations that are interrupted, however rudely, go on and end with the same numbers.</summary>
[TestClass]
public sealed class ResumedEvaluationTests : IDisposable
{
    private const int Images = 12;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    private string Scores => Path.Combine(_folder.Path, "runs", "scores.csv");

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(Images)]
    public void AnInterruptedRunGoesOnWithoutDoingAnythingTwice(int before)
    {
        string expected = Evaluate(new MapRows(Images), options => options.ScoresPath = null).ToJson();
        using var source = new CancellationTokenSource();
        var first = new MapRows(Images);
        try
        {
            Evaluate(
                first,
                options =>
                {
                    options.CancellationToken = source.Token;
                    options.Progress = new Watcher(done =>
                    {
                        if (done == before)
                        {
                            source.Cancel();
                        }
                    });
                    if (before == 0)
                    {
                        source.Cancel();
                    }
                }
            );
            Assert.AreEqual(Images, before);
        }
        catch (OperationCanceledException)
        {
            Assert.AreNotEqual(Images, before);
        }

        var second = new MapRows(Images);
        int reported = 0;
        MethodEvaluation resumed = Evaluate(second, options => options.Progress = new Watcher(done => reported = done));
        Assert.AreEqual(expected, resumed.ToJson());
        Assert.AreEqual(2 * before, first.Reads, "two methods' maps of each image");
        Assert.AreEqual(2 * (Images - before), second.Reads, "images of the first run are not read again");
        Assert.AreEqual(Images, reported);
    }

    [TestMethod]
    public void AFileTornAnywhereLosesAtMostTheImageInHand()
    {
        string expected = Evaluate(new MapRows(Images)).ToJson();
        byte[] whole = File.ReadAllBytes(Scores);
        Assert.AreEqual(1 + (Images * LinesOfAnImage(whole)), whole.Count(value => value == '\n'));
        foreach (double share in (double[])[0.0001, 0.05, 0.31, 0.5, 0.77, 0.9999])
        {
            int length = (int)(share * whole.Length);
            File.WriteAllBytes(Scores, whole[..length]);
            var rows = new MapRows(Images);
            MethodEvaluation resumed = Evaluate(rows);
            Assert.AreEqual(expected, resumed.ToJson());
            CollectionAssert.AreEqual(whole, File.ReadAllBytes(Scores), "the file is whole again");
            Assert.IsInRange(0, 2 * (Images - (int)(share * Images) + 1), rows.Reads);
        }
    }

    [TestMethod]
    [DataRow("Infinity")]
    [DataRow("-1e39")]
    [DataRow("NaN")]
    public void ANumberThatIsNoneIsDamageNamedByItsLine(string number)
    {
        Evaluate(new MapRows(2));
        string[] lines = File.ReadAllLines(Scores);
        int line = Array.FindIndex(lines, text => text.Contains(",scored,", StringComparison.Ordinal));
        lines[line] = lines[line][..(lines[line].LastIndexOf(',') + 1)] + number;
        File.WriteAllText(Scores, string.Join('\n', lines) + '\n');
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Evaluate(new MapRows(2)));
        Assert.Contains($"line {line + 1}: expected", error.Message);
        Assert.Contains("a finite number", error.Message);
    }

    [TestMethod]
    public void MoreRowsExtendARunAndFewerUsePartOfIt()
    {
        Evaluate(new MapRows(5));
        var rows = new MapRows(Images);
        MethodEvaluation extended = Evaluate(rows);
        Assert.AreEqual(2 * (Images - 5), rows.Reads);
        Assert.AreEqual(Images, extended.ImageCount);
        var fewer = new MapRows(5);
        Assert.AreEqual(5, Evaluate(fewer).ImageCount);
        Assert.AreEqual(0, fewer.Reads);
    }

    [TestMethod]
    public void WhatAnInterruptionLeftOfAnotherImageDoesNotStay()
    {
        Evaluate(new MapRows(2));
        byte[] two = File.ReadAllBytes(Scores);
        Evaluate(new MapRows(3));
        byte[] three = File.ReadAllBytes(Scores);
        File.WriteAllBytes(Scores, three[..^1]);
        Assert.AreEqual(2, Evaluate(new MapRows(2)).ImageCount);
        CollectionAssert.AreEqual(two, File.ReadAllBytes(Scores));
    }

    [TestMethod]
    public void FailedImagesAreNotTriedAgain()
    {
        var rows = new MapRows(4);
        rows.Rows[1].Geometry[0] = float.NaN;
        string expected = Evaluate(rows).ToJson();
        var again = new MapRows(4);
        MethodEvaluation resumed = Evaluate(again);
        Assert.AreEqual(expected, resumed.ToJson());
        Assert.AreEqual(1, resumed.FailedImageCount);
        Assert.AreEqual(0, again.Reads);
    }

    [TestMethod]
    public void OtherSettingsAreRefusedByName()
    {
        Evaluate(new MapRows(2));
        byte[] before = File.ReadAllBytes(Scores);
        AssertRefused(options => options.Seed = 2, "seed was '1' and is '2'");
        AssertRefused(options => options.Thresholds = [0.5], "thresholds was");
        AssertRefused(
            options => options.RunSettings = new Dictionary<string, string> { ["model"] = "another" },
            "run: model was '' and is 'another'"
        );
        AssertRefused(options => options.Methods = [new("First", "GroundingMaps.First")], "methods and baselines");
        AssertRefused(
            options => options.Methods = [new("First", "GroundingMaps.Second"), new("Second", "GroundingMaps.First")],
            "columns was 'GroundingMaps.First, GroundingMaps.Second"
        );
        AssertRefused(options => options.BoundingBoxColumnName = null, "no boxes");
        AssertRefused(options => options.ChanceDraws = 21, "chance draws was '20' and is '21'");
        AssertRefused(options => options.FixedAreas = [0.5], "fixed areas was");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Scores));
        File.Delete(Scores + ".settings.json");
        AssertRefused(_ => { }, "does not exist");
    }

    [TestMethod]
    [DataRow(null, "1")]
    [DataRow("1", "1")]
    [DataRow("99", "99")]
    public void ScoresOfAnotherVersionOfTheSettingsAreRefusedInOneLine(string? version, string said)
    {
        Evaluate(new MapRows(2));
        byte[] before = File.ReadAllBytes(Scores);
        Dictionary<string, string> settings = JsonSerializer.Deserialize<Dictionary<string, string>>(
            File.ReadAllText(Scores + ".settings.json")
        )!;
        Assert.IsTrue(settings.Remove("version"));
        if (version is not null)
        {
            settings["version"] = version;
        }

        File.WriteAllText(Scores + ".settings.json", JsonSerializer.Serialize(settings));
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new MapRows(2)));
        Assert.Contains($"begun by another version of MLNetGrounding: its settings have version {said}", error.Message);
        Assert.DoesNotContain("\n", error.Message);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Scores));
    }

    [TestMethod]
    public void ADamagedFileIsRefusedWithTheLine()
    {
        Evaluate(new MapRows(3));
        string[] lines = File.ReadAllLines(Scores);
        lines[4] = lines[4].Replace("scored", "guessed", StringComparison.Ordinal);
        File.WriteAllText(Scores, string.Join('\n', lines) + "\n");
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Evaluate(new MapRows(3)));
        Assert.Contains("line 5", error.Message);
    }

    [TestMethod]
    public void NamesOfSeveralLinesAreRefused()
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            Evaluate(new MapRows(3), options => options.Methods = [new("First\nof two", "GroundingMaps.First")])
        );
        Assert.Contains("several lines", error.Message);
        Assert.IsFalse(File.Exists(Scores));
    }

    [TestMethod]
    public void ImageIdsMustDiffer()
    {
        var rows = new MapRows(3);
        rows.Rows[2].Id = 0;
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(rows));
        Assert.Contains("'ImageId'", error.Message);
    }

    private static int LinesOfAnImage(byte[] file)
    {
        string[] lines = System.Text.Encoding.UTF8.GetString(file).Split('\n')[1..];
        return lines.TakeWhile(line => line.StartsWith("0,", StringComparison.Ordinal)).Count();
    }

    private void AssertRefused(Action<MethodEvaluationOptions> change, string named)
    {
        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new MapRows(2), change));
        Assert.Contains(named, error.Message);
    }

    private MethodEvaluation Evaluate(MapRows rows, Action<MethodEvaluationOptions>? change = null)
    {
        var options = new MethodEvaluationOptions
        {
            ChanceDraws = 20,
            BootstrapReplicates = 50,
            ScoresPath = Scores,
        };
        change?.Invoke(options);
        return _ml.Grounding.EvaluateMethods(rows.View, options);
    }

    private sealed class Watcher(Action<int> action) : IProgress<int>
    {
        public void Report(int value) => action(value);
    }
}
