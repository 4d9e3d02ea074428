#pragma warning disable IDE0007, IDE0008 // What the page shows is written as ML.NET's own samples are.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Report;

/// <summary>What <c>docs/own-data.md</c> shows runs, and is what runs here.</summary>
[TestClass]
public sealed class OwnDataNotesTests
{
    [TestMethod]
    public void ThePipelineOfTheNotesWritesAReport()
    {
        using var folder = new TemporaryFolder();
        string report = Path.Combine(folder.Path, "report.html");

        Ground([TestData.Fixture("golden/images/img0.png")], SampleLlava.Directory, report);

        Assert.Contains("\"queries\":[\"wheel\",\"door\",\"window\"]", File.ReadAllText(report));
    }

    [TestMethod]
    public void KeyPointsAreDescribedAsTheNotesSay()
    {
        DataViewSchema.Column column = Describe(
            new MLContext(),
            [new AnnotatedPhoto { KeyPoints = new float[6], KeyPointVisible = [1, 0, 1] }]
        ).Schema["KeyPoints"];

        KeyPointDescription described = KeyPointDescription.Of(column);
        CollectionAssert.AreEqual((string[])["front wheel", "rear wheel", "door"], described.Names.ToArray());
        CollectionAssert.AreEqual((int[])[0, 1], described.KeyPointTable["wheel"].ToArray());
        Assert.AreEqual("wheel", described.SwappedQueries!["door"]);
    }

    [TestMethod]
    public void DataSetsAreLoadedAsTheNotesSay()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images/red.jpg", "an image that nobody opens");
        string annotations = folder.Write(
            "people.json",
            """
            {
              "images": [ { "id": 1, "file_name": "red.jpg" } ],
              "annotations": [ { "id": 2, "image_id": 1, "category_id": 3, "keypoints": [4, 5, 2] } ],
              "categories": [ { "id": 3, "name": "person", "keypoints": ["nose"] } ]
            }
            """
        );
        // The file of the notes.
        string page = File.ReadAllText(Path.Combine(TestData.Fixture("golden"), "..", "..", "..", "docs", "own-data.md"));
        string csv = folder.Write("cars.csv", page.Split("```csv\n")[1].Split("```")[0]);

        (IDataView people, IDataView cars) = Load(new MLContext(), annotations, csv, Path.Combine(folder.Path, "images"));

        CollectionAssert.AreEqual((string[])["person"], people.GetColumn<string>("Label").ToArray());
        CollectionAssert.AreEqual((string[])["car"], cars.GetColumn<string>("Label").ToArray());
        CollectionAssert.AreEqual(
            (string[])["front wheel", "door, left"],
            KeyPointDescription.Of(cars.Schema["KeyPoints"]).Names.ToArray()
        );
        CollectionAssert.AreEqual((float[])[1, 0], cars.GetColumn<float[]>("KeyPointVisible").Single());
    }

    [TestMethod]
    public void TheTrainingOfTheNotesNamesTheFolders()
    {
        using var folder = new TemporaryFolder();
        string[] images = [.. Directory.GetFiles(TestData.Fixture("golden/images"), "*.png").Order(StringComparer.Ordinal)];
        foreach ((string image, int index) in images.Select((image, index) => (image, index)))
        {
            string kind = Path.Combine(folder.Path, index % 2 == 0 ? "sedan" : "van");
            Directory.CreateDirectory(kind);
            File.Copy(image, Path.Combine(kind, Path.GetFileName(image)));
        }

        string[] predicted = Train(folder.Path, SampleLlava.Directory, images);

        Assert.HasCount(images.Length, predicted);
        Assert.IsTrue(predicted.All(label => label is "sedan" or "van"), string.Join(", ", predicted));
    }

    [TestMethod]
    public void TheNotesShowWhatRunsHere()
    {
        string root = Path.Combine(TestData.Fixture("golden"), "..", "..", "..");
        string[] own = Lines(File.ReadAllText(Path.Combine(root, "tests", "MLNetGrounding.Report.Tests", "OwnDataNotesTests.cs")));
        string[] blocks =
        [
            .. File.ReadAllText(Path.Combine(root, "docs", "own-data.md"))
                .Split("```csharp")
                .Skip(1)
                .Select(block => block.Split("```")[0]),
        ];
        Assert.HasCount(4, blocks);
        foreach (string[] shown in blocks.Select(Lines))
        {
            int first = Array.IndexOf(own, shown[0]);
            Assert.IsGreaterThan(0, first, $"this test does not run '{shown[0]}'");
            CollectionAssert.AreEqual(shown, own[first..(first + shown.Length)]);
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Ground(string[] files, string checkpoint, string report)
    {
        var context = new MLContext();
        IDataView photos = context.Data.LoadFromEnumerable(files.Select(file => new Photo { ImagePath = file }));
        var pipeline = context
            .Transforms.LoadGroundingImages()
            .Append(context.Transforms.ExtractAttention(checkpoint, ["wheel", "door", "window"], "car"))
            .Append(context.Transforms.SelectHeads())
            .Append(context.Transforms.MaskByRollout())
            .Append(context.Transforms.DrawGrounding("wheel"));
        using var model = pipeline.Fit(photos);
        context.Grounding.WriteReport(model.Transform(photos), report);
    }

    private static (IDataView People, IDataView Cars) Load(MLContext context, string annotations, string csv, string images)
    {
        IDataView people = context.Data.LoadCocoKeyPoints(annotations, images, new CocoLoaderOptions { Categories = ["person"] });
        IDataView cars = context.Data.LoadKeyPoints(csv, new KeyPointFileOptions { ImageDirectory = images });
        return (people, cars);
    }

    private static string[] Train(string folder, string checkpoint, string[] images)
    {
        var context = new MLContext(seed: 1);
        IDataView photos = context.Data.LoadImageFiles(folder);
        var pipeline = context
            .Transforms.GroundingFeatures(checkpoint, ["wheel", "door", "window"], "car")
            .Append(context.Transforms.Conversion.MapValueToKey("Label"))
            .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy());
        using var model = pipeline.Fit(photos);
        using GroundingEngine engine = context.Model.CreateGroundingEngine(model, ownsModel: false);
        return [.. images.Select(image => engine.Predict(image).PredictedLabel ?? "")];
    }

    private static IDataView Describe(MLContext context, AnnotatedPhoto[] rows)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(AnnotatedPhoto));
        new KeyPointDescription
        {
            Names = ["front wheel", "rear wheel", "door"],
            KeyPointTable = new Dictionary<string, IReadOnlyList<int>> { ["wheel"] = [0, 1] },
            SwappedQueries = new Dictionary<string, string> { ["wheel"] = "door", ["door"] = "wheel" },
        }.AddTo(definition["KeyPoints"]);
        IDataView photos = context.Data.LoadFromEnumerable(rows, definition);
        return photos;
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class AnnotatedPhoto
    {
        [VectorType(3, 2)]
        public float[] KeyPoints { get; set; } = [];

        [VectorType(3)]
        public float[] KeyPointVisible { get; set; } = [];
    }
}
