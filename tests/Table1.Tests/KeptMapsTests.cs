using MLNetGrounding;
using MLNetGrounding.Testing;
using Parquet.Serialization;

namespace Table1;

/// <summary>A finished run takes other methods, thresholds and regions without the model.</summary>
[TestClass]
public sealed class KeptMapsTests
{
    [TestMethod]
    public async Task OtherMethodsAndThresholdsNeedNoModel()
    {
        using SmallTable run = new(layers: 4);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--keep-maps", "--methods", "AllHeadsMean", "--tune"), run.Error);
        Assert.Contains("MB of maps", run.Error);
        string[] other = ["--methods", "Paper,LocalizationHeads,Paper.NoRolloutMask", "--threshold", "0.2", "--regions", "otsu", "--tune"];
        Assert.AreEqual(ExitCode.Success, await run.RunAsync([.. other, "--out", run.Out("anew")]), run.Error);

        using CaptureCount captures = new();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(other), run.Error);
        Assert.AreEqual(0, captures.Take(), "the maps were kept");
        Assert.Contains("the model is not run", run.Error);
        Assert.Contains("made again from the kept maps: methods was 'AllHeadsMean'", run.Error);
        (MethodEvaluation expected, MethodEvaluation actual) = (run.Table("anew"), run.Table());
        CollectionAssert.AreEqual(
            expected.Methods.Select(method => method.Name).ToArray(),
            actual.Methods.Select(method => method.Name).ToArray()
        );
        foreach (MethodScores method in expected.Methods)
        {
            for (int attribute = 0; attribute < method.Attributes.Count; attribute++)
            {
                AttributeScores scores = actual[method.Name].Attributes[attribute];
                Assert.AreEqual(
                    method.Attributes[attribute].AtThreshold(0.2).Mpir.Value,
                    scores.AtThreshold(0.2).Mpir.Value,
                    1e-4 * Math.Max(1, scores.AtThreshold(0.2).Mpir.Value),
                    method.Name
                );
                Assert.AreEqual(method.Attributes[attribute].Auc.Value, scores.Auc.Value, 1e-5, method.Name);
            }
        }

        // The same command again goes on with the scores, which are all there.
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(other), run.Error);
        Assert.DoesNotContain("made again", run.Error);
        Assert.AreEqual((actual with { Origin = [] }).ToJson(), (run.Table() with { Origin = [] }).ToJson());
    }

    [TestMethod]
    public async Task FilesHoldTheMapsAndTheMaskOfEveryMethodWithinTheBound()
    {
        using SmallTable run = new(layers: 4);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--keep-maps", "--methods", "Paper"), run.Error);
        string[] files = Directory.GetFiles(Path.Combine(run.Out(), "maps"), "*.parquet");
        KeptMap[] rows = [.. (await ParquetSerializer.DeserializeAsync<KeptMap>(files.Single())).Data];
        GroundingMethod[] methods =
        [
            .. GroundingMethods.All,
            .. GroundingMethods.Releases,
            .. GroundingMethods.Ablations,
            Table1Methods.Mask,
        ];
        Assert.HasCount(SmallTable.TestImages * (((methods.Length - 1) * 10) + 1), rows);
        CollectionAssert.AreEquivalent(
            methods.Select(method => method.Name).ToArray(),
            rows.Select(row => row.Method).Distinct().ToArray()
        );
        Assert.IsTrue(rows.All(row => row is { Height: 6, Width: 6, Map.Count: 36, Geometry.Count: ImageGeometry.Length }));
        foreach (KeptMap mask in rows.Where(row => row.Method == KeptMaps.Mask))
        {
            Assert.AreEqual("", mask.Word);
            Assert.AreEqual(1, mask.Map.Max(), 1e-6, "a mask's largest value is 1");
        }

        long numbers = rows.Sum(row => (long)row.Map.Count * sizeof(float));
        Assert.AreEqual(SmallTable.TestImages * (((methods.Length - 1) * 10) + 1) * 36 * 4, numbers);
    }

    [TestMethod]
    public async Task AnInterruptedRunComputesOnlyWhatIsNotKept()
    {
        using SmallTable run = new(layers: 4);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--keep-maps"), run.Error);
        MethodEvaluation whole = run.Table();
        string maps = Path.Combine(run.Out(), "maps");
        string file = Directory.GetFiles(maps, "*.parquet").Single();
        KeptMap[] rows = [.. (await ParquetSerializer.DeserializeAsync<KeptMap>(file)).Data];
        string[] left = [.. rows.Select(row => row.Image).Distinct().Take(2)];
        File.Delete(file);
        await ParquetSerializer.SerializeAsync(rows.Where(row => left.Contains(row.Image)), file);
        // A killed run may leave a file that it had not finished.
        File.WriteAllText(Path.Combine(maps, "00002.parquet.unfinished"), "half");

        using CaptureCount captures = new();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync(), run.Error);
        Assert.AreEqual(
            SmallTable.TestImages - 2 + SmallTable.TestImages,
            captures.Take(),
            "the rows that are not kept, and those to learn on; the scores of all are there"
        );
        Assert.HasCount(2, Directory.GetFiles(maps, "*.parquet"));
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--methods", "Tam,Paper"), run.Error);
        Assert.AreEqual(0, captures.Take());
        Assert.AreEqual(
            whole["Paper"].Mean.AtThreshold(0.05).Mpir.Value,
            run.Table()["Paper"].Mean.AtThreshold(0.05).Mpir.Value,
            1e-4 * whole["Paper"].Mean.AtThreshold(0.05).Mpir.Value
        );
    }

    [TestMethod]
    public async Task MapsOfAnotherRunAreRefusedInOneLine()
    {
        using SmallTable run = new(layers: 4);
        Assert.AreEqual(ExitCode.Success, await run.RunAsync("--keep-maps", "--limit", "1"), run.Error);
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--limit", "1", "--fit", "crop"));
        Assert.Contains("holds maps of another run: fit was 'Pad' and is 'Crop'.", run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--limit", "1", "--words", "beak"));
        Assert.Contains("words was 'beak, belly, breast", run.Error);
        string file = Directory.GetFiles(Path.Combine(run.Out(), "maps"), "*.parquet").Single();
        File.WriteAllText(file, "no Parquet");
        Assert.AreEqual(ExitCode.Failure, await run.RunAsync("--limit", "1"));
        Assert.Contains(file, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [TestMethod]
    public async Task MapsOfImagesWithoutAnnotationsAreKeptToo()
    {
        using SmallTable run = new(layers: 4);
        string[] photos = [Path.Combine(run.Cub, "images"), "--words", "beak,tail", "--object", "bird", "--limit", "3"];
        Assert.AreEqual(ExitCode.Success, await run.RunAsync([.. photos, "--keep-maps", "--methods", "Paper,DecAf"]), run.Error);
        using CaptureCount captures = new();
        Assert.AreEqual(ExitCode.Success, await run.RunAsync([.. photos, "--methods", "AllHeadsMean,Tam,Paper"]), run.Error);
        Assert.AreEqual(0, captures.Take());
        Assert.HasCount(3, MapComparison.FromJson(run.Read("table.json")).Agreements);
    }
}
