using Microsoft.ML;
using MLNetGrounding;
using MLNetGrounding.Testing;

namespace ClassifyBirds;

/// <summary>One small run on the sample model, looked at from several sides.</summary>
[TestClass]
public sealed class ClassifyBirdsJobTests
{
    private const int Birds = 6;

    private static TemporaryFolder? _folder;
    private static IReadOnlyList<ClassifiedFeatures> _results = [];
    private static string _output = "";
    private static int _captures;
    private static BirdData? _data;

    private static BirdData Data => _data!;

    private static ClassifyBirdsSettings Settings => new() { Birds = Birds, Out = _folder!.Path };

    [ClassInitialize]
    public static void Run(TestContext context)
    {
        _folder = new TemporaryFolder();
        using var output = new StringWriter();
        using var captures = new CaptureCount();
        _results = new ClassifyBirdsJob(Settings, output, TextWriter.Null).Run(context.CancellationToken);
        _captures = captures.Take();
        _output = output.ToString();
        _data = BirdData.Load(new MLContext(), Path.Combine(_folder.Path, "extracted.idv"));
    }

    [ClassCleanup]
    public static void Clean() => _folder?.Dispose();

    [TestMethod]
    public void GroundingFeaturesBeatThoseOfTheWholeImageAndOfWrongPlaces()
    {
        foreach (string trainer in SpeciesClassifier.Trainers)
        {
            double Of(string key) => _results.First(result => result.Trainer == trainer && result.Set.Key == key).Accuracy.Value;
            Assert.IsGreaterThan(Of("a") + 0.1, Of("b"), trainer);
            Assert.IsGreaterThan(Of("c") + 0.1, Of("b"), trainer);
            Assert.IsGreaterThan(Of("c'") + 0.1, Of("b"), trainer);
        }
    }

    [TestMethod]
    public void EveryKindOfFeaturesIsTestedOnTheSameRows()
    {
        Assert.HasCount(10, _results);
        string[] species = [.. Data.Rows.Where(row => !row.IsTrain).Select(row => row.Species)];
        Assert.HasCount(SpeciesPairs.SampleSpecies * Birds / 2, species);
        foreach (ClassifiedFeatures result in _results)
        {
            CollectionAssert.AreEqual(species, result.Result.Rows.Select(row => row.Species).ToArray(), result.Set.Name);
            Assert.HasCount(SpeciesPairs.SampleSpecies, result.Result.Classes);
            int[,] confusion = result.Result.Confusion();
            Assert.AreEqual(species.Length, confusion.Cast<int>().Sum());
            Assert.AreEqual(
                result.Result.Correct.Count(correct => correct),
                Enumerable.Range(0, SpeciesPairs.SampleSpecies).Sum(index => confusion[index, index])
            );
        }
    }

    [TestMethod]
    public void TheReportHoldsTableConfusionAndImportance()
    {
        foreach (
            string text in (string[])
                ["LightGBM", "within pairs", "(b) - (a)", "024.Bluebreast_Stiltling", "all at once", "72 images to train and 72 to test on"]
        )
        {
            Assert.Contains(text, _output);
        }

        foreach (string part in CubParts.Attributes)
        {
            Assert.IsTrue(_output.Split('\n').Any(line => line.TrimStart().StartsWith(part + " ", StringComparison.Ordinal)), part);
        }
    }

    [TestMethod]
    public void EachImageRunsThroughTheModelOnce() => Assert.AreEqual(SpeciesPairs.SampleSpecies * Birds, _captures);

    [TestMethod]
    public void ASecondRunThatReusesTheExtractionGivesTheSame()
    {
        using var output = new StringWriter();
        using var captures = new CaptureCount();
        IReadOnlyList<ClassifiedFeatures> again = new ClassifyBirdsJob(Settings with { Reuse = true }, output, TextWriter.Null).Run(
            CancellationToken.None
        );
        Assert.AreEqual(0, captures.Take());
        CollectionAssert.AreEqual(_results.Select(result => result.Accuracy).ToArray(), again.Select(result => result.Accuracy).ToArray());
    }

    [TestMethod]
    public void ASecondRunIntoTheFolderIsToldWhoHoldsIt()
    {
        using var held = FolderLock.Take(_folder!.Path);
        IOException error = Assert.Throws<IOException>(() =>
            new ClassifyBirdsJob(Settings with { Reuse = true }, TextWriter.Null, TextWriter.Null).Run(CancellationToken.None)
        );
        Assert.Contains($"'{_folder.Path}' is in use: process {Environment.ProcessId} on ", error.Message);
    }

    [TestMethod]
    public async Task AnExtractionOfAnotherVersionIsNotReused()
    {
        string record = Path.Combine(_folder!.Path, "extracted.idv.settings.json");
        string settings = File.ReadAllText(record);
        Assert.Contains("\"version\": \"2\"", settings);
        try
        {
            File.WriteAllText(record, settings.Replace("\"version\": \"2\"", "\"version\": \"1\"", StringComparison.Ordinal));
            using var error = new StringWriter();
            Assert.AreEqual(
                ExitCode.Failure,
                await ClassifyBirdsCommand.RunAsync(["--reuse", "--out", _folder.Path, "--birds", $"{Birds}"], TextWriter.Null, error)
            );
            Assert.Contains("its settings have version 1, and this one goes on with version 2 only. Leave out --reuse", error.ToString());
        }
        finally
        {
            File.WriteAllText(record, settings);
        }
    }

    [TestMethod]
    public async Task AnExtractionOfSomethingElseIsNotReused()
    {
        (string[] Arguments, string Difference)[] others =
        [
            (["--birds", "4"], $"data was '{Birds} sample birds of each species' and is '4 sample birds of each species'"),
            (["--birds", $"{Birds}", "--fit", "crop"], "fit was 'Pad' and is 'Crop'"),
            (["--birds", $"{Birds}", "--precision", "bfloat16"], "precision was 'Automatic' and is 'BFloat16'"),
        ];
        foreach ((string[] arguments, string difference) in others)
        {
            using var error = new StringWriter();
            Assert.AreEqual(
                ExitCode.Failure,
                await ClassifyBirdsCommand.RunAsync(["--reuse", "--out", _folder!.Path, .. arguments], TextWriter.Null, error)
            );
            Assert.Contains(difference, error.ToString());
            Assert.Contains("--reuse", error.ToString());
        }
    }

    [TestMethod]
    public async Task ABrokenImageIsNamedAndLeftOut()
    {
        using var folder = new TemporaryFolder();
        string birds = SampleBirds.Write(
            Path.Combine(folder.Path, "birds"),
            new SampleBirdsOptions
            {
                Seeds = SampleSeeds.Classifier,
                Count = 96,
                MinimumSize = 64,
                MaximumSize = 96,
            }
        );
        string[] images = Directory.GetFiles(Path.Combine(birds, "images"), "*.png", SearchOption.AllDirectories);
        File.WriteAllText(images[0], "not an image");
        File.Delete(images[1]);
        string model = RandomLlava.Write(Path.Combine(folder.Path, "model"), layers: 2, heads: 4, grid: 6);
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = await ClassifyBirdsCommand.RunAsync(
            ["--cub", birds, "--model", model, "--out", Path.Combine(folder.Path, "out")],
            output,
            error
        );

        Assert.AreEqual(ExitCode.Success, code, error.ToString());
        Assert.Contains($"Skipped {images[0]}: ", error.ToString());
        Assert.Contains($"do not exist and were skipped: '{images[1]}'", error.ToString());
        Assert.Contains("Left out: 1 images", output.ToString());
    }

    [TestMethod]
    public async Task AnInterruptionIsOneLine()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        using var error = new StringWriter();

        Assert.AreEqual(
            ExitCode.Interrupted,
            await ClassifyBirdsCommand.RunAsync(["--birds", "2", "--out", folder.Path], TextWriter.Null, error, source.Token)
        );

        Assert.EndsWith("ClassifyBirds: Interrupted.", error.ToString().TrimEnd());
        Assert.IsFalse(File.Exists(Path.Combine(folder.Path, "extracted.idv")));
    }

    [TestMethod]
    public void OtherImagesAreOfTheSameHalfAndSwapsExchangeQueries()
    {
        var sets = new FeatureSets(Data, seed: 3);
        int cells = Data.Grid.Cells;
        (int eye, int tail) = (Data.Queries.ToList().IndexOf("eye"), Data.Queries.ToList().IndexOf("tail"));
        for (int row = 0; row < Data.Rows.Count; row++)
        {
            float[] other = sets.OtherImage.TrainMaps(row);
            BirdRow source = Data.Rows.First(bird => ReferenceEquals(bird.GroundingMaps, other));
            Assert.AreNotSame(Data.Rows[row], source);
            Assert.AreEqual(Data.Rows[row].IsTrain, source.IsTrain);

            float[] swapped = sets.SwappedInTest.TestMaps(row);
            CollectionAssert.AreEqual(
                Data.Rows[row].GroundingMaps[(tail * cells)..((tail + 1) * cells)],
                swapped[(eye * cells)..((eye + 1) * cells)]
            );
            CollectionAssert.AreEqual(Data.Rows[row].GroundingMaps.Order().ToArray(), swapped.Order().ToArray());
        }
    }

    [TestMethod]
    public void KeyPointMapsMarkTheCellsOfVisibleKeyPoints()
    {
        var sets = new FeatureSets(Data, seed: 3);
        int cells = Data.Grid.Cells;
        int beak = Data.Queries.ToList().IndexOf("beak");
        int point = CubParts.KeyPointsOf["beak"][0];
        for (int row = 0; row < Data.Rows.Count; row++)
        {
            float[] map = sets.KeyPoints.TestMaps(row)[(beak * cells)..((beak + 1) * cells)];
            Assert.AreEqual(Data.Rows[row].KeyPointVisible[point], map.Sum(), "one cell for one point");
        }
    }

    [TestMethod]
    public async Task WrongArgumentsAndMissingFoldersAreOneLine()
    {
        string other = _folder!.Path + "-other";
        (string[] Arguments, string Text)[] wrong =
        [
            (["--birds", "1"], "--birds must be a whole number from 2 to 100"),
            (["--pooling", "region", "--threshold", "2"], "between 0 and 1"),
            (["--threshold", "0.5"], "--threshold needs --pooling region or region-mass"),
            (["--pooling", "MapMass"], "map-mass, region, region-mass"),
            (["--limit", "10"], "--limit needs --cub"),
            (["--birds", "10", "--cub", "birds"], "--birds is the number of sample birds"),
        ];
        foreach ((string[] arguments, string text) in wrong)
        {
            using var error = new StringWriter();
            Assert.AreEqual(
                ExitCode.WrongArguments,
                await ClassifyBirdsCommand.RunAsync([.. arguments, "--out", other], TextWriter.Null, error)
            );
            Assert.Contains(text, error.ToString());
            Assert.HasCount(2, error.ToString().Trim().Split('\n'));
        }

        Assert.IsFalse(Directory.Exists(other));
        using var missing = new StringWriter();
        Assert.AreEqual(
            ExitCode.Failure,
            await ClassifyBirdsCommand.RunAsync(["--cub", "no-such-folder", "--out", other], TextWriter.Null, missing)
        );
        Assert.Contains("no-such-folder", missing.ToString());
        Assert.HasCount(1, missing.ToString().Trim().Split('\n'));
        Directory.Delete(other, recursive: true);
    }
}
