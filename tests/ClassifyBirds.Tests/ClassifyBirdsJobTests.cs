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
    private static BirdData? _data;

    private static BirdData Data => _data!;

    private static ClassifyBirdsSettings Settings => new() { Birds = Birds, Out = _folder!.Path };

    [ClassInitialize]
    public static void Run(TestContext context)
    {
        _folder = new TemporaryFolder();
        using var output = new StringWriter();
        _results = new ClassifyBirdsJob(Settings, output).Run(context.CancellationToken);
        _output = output.ToString();
        _data = BirdData.Load(new MLContext(), Path.Combine(_folder.Path, "extracted.idv"));
    }

    [ClassCleanup]
    public static void Clean() => _folder?.Dispose();

    [TestMethod]
    public void GroundingFeaturesBeatThoseOfTheWholePictureAndOfWrongPlaces()
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
                result.Result.Correct.Count(correct => correct), Enumerable.Range(0, SpeciesPairs.SampleSpecies).Sum(index => confusion[index, index]));
        }
    }

    [TestMethod]
    public void TheReportHoldsTableConfusionAndImportance()
    {
        foreach (string text in (string[])["LightGBM", "within pairs", "(b) - (a)", "024.Bluebreast_Stiltling", "all at once", "72 pictures to train and 72 to test on"])
        {
            Assert.Contains(text, _output);
        }

        foreach (string part in CubParts.Attributes)
        {
            Assert.IsTrue(_output.Split('\n').Any(line => line.TrimStart().StartsWith(part + " ", StringComparison.Ordinal)), part);
        }
    }

    [TestMethod]
    public void ASecondRunThatReusesTheExtractionGivesTheSame()
    {
        using var output = new StringWriter();
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(_folder!.Path, "extracted.idv"));
        IReadOnlyList<ClassifiedFeatures> again = new ClassifyBirdsJob(Settings with { Reuse = true }, output).Run(CancellationToken.None);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(Path.Combine(_folder.Path, "extracted.idv")));
        CollectionAssert.AreEqual(_results.Select(result => result.Accuracy).ToArray(), again.Select(result => result.Accuracy).ToArray());
    }

    [TestMethod]
    public void OtherPicturesAreOfTheSameHalfAndSwapsExchangeQueries()
    {
        var sets = new FeatureSets(Data, seed: 3);
        int cells = Data.Grid * Data.Grid;
        (int eye, int tail) = (Data.Queries.ToList().IndexOf("eye"), Data.Queries.ToList().IndexOf("tail"));
        for (int row = 0; row < Data.Rows.Count; row++)
        {
            float[] other = sets.OtherPicture.TrainMaps(row);
            BirdRow source = Data.Rows.First(bird => ReferenceEquals(bird.GroundingMaps, other));
            Assert.AreNotSame(Data.Rows[row], source);
            Assert.AreEqual(Data.Rows[row].IsTrain, source.IsTrain);

            float[] swapped = sets.SwappedInTest.TestMaps(row);
            CollectionAssert.AreEqual(
                Data.Rows[row].GroundingMaps[(tail * cells)..((tail + 1) * cells)], swapped[(eye * cells)..((eye + 1) * cells)]);
            CollectionAssert.AreEqual(Data.Rows[row].GroundingMaps.Order().ToArray(), swapped.Order().ToArray());
        }
    }

    [TestMethod]
    public void KeyPointMapsMarkTheCellsOfVisibleKeyPoints()
    {
        var sets = new FeatureSets(Data, seed: 3);
        int cells = Data.Grid * Data.Grid;
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
        (string[] Arguments, int Code, string Text)[] wrong =
        [
            (["--birds", "1"], 2, "--birds must be a whole number from 2 to 100"),
            (["--threshold", "2"], 2, "between 0 and 1"),
            (["--cub", "no-such-folder", "--out", _folder!.Path + "-other"], 1, "no-such-folder"),
        ];
        foreach ((string[] arguments, int code, string text) in wrong)
        {
            using var error = new StringWriter();
            Assert.AreEqual(code, await ClassifyBirdsCommand.RunAsync(arguments, TextWriter.Null, error));
            Assert.Contains(text, error.ToString());
            Assert.HasCount(1, error.ToString().Trim().Split('\n'));
        }

        Directory.Delete(_folder.Path + "-other", recursive: true);
    }
}
