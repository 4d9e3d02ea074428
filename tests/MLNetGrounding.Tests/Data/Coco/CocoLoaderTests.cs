using Microsoft.ML;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data.Coco;

[TestClass]
public sealed class CocoLoaderTests : IDisposable
{
    private const string Categories = """
        "categories": [
          { "id": 1, "name": "person", "keypoints": ["nose", "left_eye", "right_eye"] },
          { "id": 2, "name": "chair" },
          { "id": 3, "name": "dog", "keypoints": ["nose", "tail"] }
        ]
        """;

    private const string Images = """
        "images": [
          { "id": 10, "file_name": "a.png", "width": 4, "height": 4 },
          { "id": 900000000000, "file_name": "more/b.png" },
          { "id": "c", "file_name": "c.png" }
        ]
        """;

    private const string Annotations = """
        "annotations": [
          { "id": 1, "image_id": 10, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 5, "iscrowd": 0, "segmentation": [[1, 2]],
            "keypoints": [1.5, 2.5, 2, 3, 4, 1, 0, 0, 0], "num_keypoints": 2 },
          { "id": 2, "image_id": 10, "category_id": 3, "bbox": [0, 0, 2, 2], "area": 7, "keypoints": [9, 9, 2, 8, 7, 2] },
          { "id": 3, "image_id": 10, "category_id": 1, "bbox": [0, 0, 50, 50], "area": 2500, "keypoints": [0,0,0,0,0,0,0,0,0] },
          { "id": 4, "image_id": 10, "category_id": 1, "iscrowd": 1, "area": 9000, "bbox": [0, 0, 90, 100],
            "segmentation": { "counts": [1], "size": [4, 4] }, "keypoints": [1,1,2,1,1,2,1,1,2] },
          { "id": 5, "image_id": 900000000000, "category_id": 1, "keypoints": [5, 6, 2, 7, 8, 2, 9, 10, 2] },
          { "id": 6, "image_id": "c", "category_id": 2, "bbox": [0, 0, 1, 1] },
          { "id": 7, "image_id": 77, "category_id": 1, "keypoints": [] }
        ]
        """;

    private readonly LoggingContext _log = new();
    private readonly TemporaryFolder _folder = new();

    private MLContext ML => _log.ML;

    [TestInitialize]
    public void Write()
    {
        foreach (string image in (string[])["a.png", "more/b.png", "c.png"])
        {
            _folder.Write($"images/{image}", "an image that nobody opens");
        }

        Save(Images, Annotations, Categories);
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void AnImageHasTheLargestAnnotationThatLabelsAPoint()
    {
        Row[] rows = Rows();
        CollectionAssert.AreEqual(new[] { "10", "900000000000" }, rows.Select(row => row.ImageId).ToArray());
        CollectionAssert.AreEqual(new[] { "dog", "person" }, rows.Select(row => row.Label).ToArray());
        Assert.AreEqual(Path.Combine(_folder.Path, "images", "a.png"), rows[0].ImagePath);
        CollectionAssert.AreEqual(new float[] { 0, 0, 2, 2 }, rows[0].BoundingBox);
        CollectionAssert.AreEqual(new float[] { 9, 9, 0, 0, 0, 0, 8, 7 }, rows[0].KeyPoints, "nose, left eye, right eye, tail");
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 1 }, rows[0].KeyPointVisible);
        Assert.IsTrue(rows[1].BoundingBox.All(float.IsNaN), "the second has no box");
        CollectionAssert.AreEqual(new float[] { 5, 6, 7, 8, 9, 10, 0, 0 }, rows[1].KeyPoints);
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void WithoutAnAreaTheBoxSaysWhatIsLargest()
    {
        Save(
            Images,
            """
            "annotations": [
              { "id": 1, "image_id": 10, "category_id": 3, "keypoints": [1, 1, 2, 0, 0, 0] },
              { "id": 2, "image_id": 10, "category_id": 3, "bbox": [0, 0, 2, 5], "keypoints": [2, 2, 2, 0, 0, 0] },
              { "id": 3, "image_id": 10, "category_id": 3, "bbox": [0, 0, 3, 4], "keypoints": [3, 3, 2, 0, 0, 0] },
              { "id": 4, "image_id": 10, "category_id": 3, "bbox": [0, 0, 9, 9], "area": 11, "keypoints": [4, 4, 2, 0, 0, 0] }
            ]
            """,
            Categories
        );
        CollectionAssert.AreEqual(new float[] { 0, 0, 3, 4 }, Rows().Single().BoundingBox);
    }

    [TestMethod]
    public void ABoxWithoutExtentIsTakenAsWritten()
    {
        Save(
            Images,
            """
            "annotations": [ { "id": 1, "image_id": 10, "category_id": 3, "bbox": [1, 2, 0, 0], "keypoints": [1, 2, 2, 0, 0, 0] } ]
            """,
            Categories
        );
        CollectionAssert.AreEqual(new float[] { 1, 2, 0, 0 }, Rows().Single().BoundingBox);
    }

    [TestMethod]
    public void CategoriesAreNamedInAnyCase() =>
        Assert.AreEqual("dog", Rows(new CocoLoaderOptions { Categories = ["DOG"] }).Single().Label);

    [TestMethod]
    public void HiddenPointsCountWhereThatIsAskedFor()
    {
        Row row = Rows(new CocoLoaderOptions { Categories = ["person"], Limit = 1 }).Single();
        CollectionAssert.AreEqual(new float[] { 1, 0, 0 }, row.KeyPointVisible);
        CollectionAssert.AreEqual(new[] { 1.5f, 2.5f, 3, 4, 0, 0 }, row.KeyPoints);
        row = Rows(new CocoLoaderOptions { Categories = ["1"], HiddenPointsCount = true }).First();
        CollectionAssert.AreEqual(new float[] { 1, 1, 0 }, row.KeyPointVisible, "not labeled is not hidden");
    }

    [TestMethod]
    public void EachAnnotationIsARowWhereThatIsAskedFor()
    {
        Row[] rows = Rows(new CocoLoaderOptions { RowPerAnnotation = true });
        CollectionAssert.AreEqual(
            new[] { "10#1", "10#2", "10#3", "900000000000#5" },
            rows.Select(row => row.ImageId).ToArray(),
            "neither the crowd nor the chair, which has no points"
        );
        Assert.HasCount(2, rows.Select(row => row.ImagePath).Distinct().ToArray());
    }

    [TestMethod]
    public void TheWordsOfPointsAreTheirNamesWithoutTheSide()
    {
        var description = KeyPointDescription.Of(Load().Schema["KeyPoints"]);
        CollectionAssert.AreEqual(new[] { "nose", "left eye", "right eye", "tail" }, description.Names.ToArray());
        CollectionAssert.AreEqual(new[] { "nose", "eye", "tail" }, description.KeyPointTable.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2 }, description.KeyPointTable["eye"].ToArray());
        Assert.IsNull(description.SwappedQueries);
    }

    [TestMethod]
    public void TheWordsOfPointsCanBeStated()
    {
        CocoLoaderOptions options = new()
        {
            Words = new Dictionary<string, IReadOnlyList<string>> { ["face"] = ["nose", "left_eye", "right eye"] },
            SwappedWords = new Dictionary<string, string> { ["face"] = "tail" },
        };
        var description = KeyPointDescription.Of(Load(options).Schema["KeyPoints"]);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, description.KeyPointTable["face"].ToArray());
        Assert.AreEqual("tail", description.SwappedQueries!["face"]);
        options.Words = new Dictionary<string, IReadOnlyList<string>> { ["face"] = ["chin"] };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Load(options)).Message, "'chin'");
    }

    [TestMethod]
    public void AMissingImageIsSkippedAndSaid()
    {
        File.Delete(Path.Combine(_folder.Path, "images", "a.png"));
        Assert.AreEqual("900000000000", Rows(new CocoLoaderOptions { Limit = 1 }).Single().ImageId);
        StringAssert.Contains(_log.Warnings.Single(), "a.png");
        Directory.Delete(Path.Combine(_folder.Path, "images"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "images"));
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => Load()).Message, "None of the 2 images");
    }

    [TestMethod]
    public void WhatIsNotThereIsNamed()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => ML.Data.LoadCocoKeyPoints("nowhere.json", _folder.Path)).Message,
            "nowhere.json"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<DirectoryNotFoundException>(() => ML.Data.LoadCocoKeyPoints(FilePath, "nowhere")).Message,
            "nowhere"
        );
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Load(new CocoLoaderOptions { Limit = 0 }));
        string unknown = Assert.ThrowsExactly<ArgumentException>(() => Load(new CocoLoaderOptions { Categories = ["cat"] })).Message;
        StringAssert.Contains(unknown, "'cat'");
        StringAssert.Contains(unknown, "person, chair, dog");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Load(new CocoLoaderOptions { Categories = ["chair"] })).Message,
            "names points"
        );
        Save(Images, "\"annotations\": []", Categories);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Load()).Message, "none of its 3 images");
    }

    [TestMethod]
    [DataRow("../secret.png")]
    [DataRow("/etc/hostname")]
    [DataRow("more/../../secret.png")]
    [DataRow("C:\\\\secret.png")]
    [DataRow("")]
    public void APathThatLeavesTheFolderIsRefused(string name)
    {
        Save(
            $$"""
            "images": [ { "id": 12, "file_name": "{{name}}" } ]
            """,
            Annotations,
            Categories
        );
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Load());
        StringAssert.Contains(error.Message, "annotations.json', image 12:");
        StringAssert.Contains(error.Message, "leaves the folder");
    }

    [TestMethod]
    public void ALinkOutOfTheFolderIsRefusedUnlessLinksAreFollowed()
    {
        using TemporaryFolder outside = new();
        string image = Path.Combine(_folder.Path, "images", "a.png");
        File.Delete(image);
        File.CreateSymbolicLink(image, outside.Write("secret.png", "not ours"));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Load()).Message,
            $"{nameof(CocoLoaderOptions)}.{nameof(CocoLoaderOptions.FollowLinks)}"
        );
        Assert.HasCount(2, Rows(new CocoLoaderOptions { FollowLinks = true }));
    }

    [TestMethod]
    [DataRow("{ \"images\": [", "line 1")]
    [DataRow("not JSON", "line 1")]
    [DataRow("[]", "$")]
    [DataRow("null", "'images', 'annotations', 'categories'")]
    [DataRow("{ \"images\": [] }", "'annotations', 'categories'")]
    [DataRow("{ \"images\": 3 }", "$.images")]
    [DataRow("{ \"images\": [NaN] }", "line 1")]
    public void WhatIsNoCocoFileIsNamed(string text, string said)
    {
        File.WriteAllText(FilePath, text);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Load());
        StringAssert.Contains(error.Message, FilePath);
        StringAssert.Contains(error.Message, said);
    }

    [TestMethod]
    [DataRow("""[ 3 ]""", "$.images[0]")]
    [DataRow("""[ null ]""", "images[0]")]
    [DataRow("""[ { "file_name": "a.png" } ]""", "images[0]: an object with an 'id'")]
    [DataRow("""[ { "id": 1.5, "file_name": "a.png" } ]""", "images[0]: an object with an 'id'")]
    [DataRow("""[ { "id": 1 } ]""", "image 1: a path")]
    [DataRow("""[ { "id": 1, "file_name": "a.png" }, { "id": 1, "file_name": "c.png" } ]""", "image 1 occurs twice")]
    [DataRow("""[ ]""", "no image")]
    public void ADamagedImageIsNamed(string images, string said)
    {
        Save($"\"images\": {images}", Annotations, Categories);
        Says(said);
    }

    [TestMethod]
    [DataRow("""{ "image_id": 10, "category_id": 1 }""", "annotations[0]: an object with an 'id'")]
    [DataRow("""{ "id": 8, "category_id": 1 }""", "annotation 8: an id")]
    [DataRow("""{ "id": 8, "image_id": 10 }""", "'category_id'")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 9 }""", "annotation 8: 'categories' has no category 9")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 1, "keypoints": [1, 2, 2] }""", "annotation 8: its 'keypoints' are 3 numbers")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 3, "keypoints": [1, 2, 3, 0, 0, 0] }""", "annotation 8: v of point 1 is 3")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 3, "keypoints": [1, 2, 0.5, 0, 0, 0] }""", "v of point 1 is 0.5")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 3, "keypoints": ["1", 2, 1, 0, 0, 0] }""", "annotation 8: a list of numbers")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 3, "keypoints": [1e99, 2, 1, 0, 0, 0] }""", "annotation 8: a list of numbers")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 1, "keypoints": 7 }""", "annotation 8: a list of numbers")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 1, "bbox": [1, 2, -3, 4] }""", "annotation 8: four numbers")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 1, "bbox": [1, 2] }""", "annotation 8: four numbers")]
    [DataRow("""{ "id": 8, "image_id": 10, "category_id": 1, "iscrowd": 2 }""", "annotation 8: 0 or 1")]
    [DataRow(
        """{ "id": 8, "image_id": 10, "category_id": 1 }, { "id": 8, "image_id": 10, "category_id": 1 }""",
        "annotation 8 occurs twice"
    )]
    public void ADamagedAnnotationIsNamed(string annotations, string said)
    {
        Save(Images, $"\"annotations\": [ {annotations} ]", Categories);
        Says(said);
    }

    [TestMethod]
    [DataRow("""{ "name": "cat" }""", "categories[0]: an object with an 'id'")]
    [DataRow("""{ "id": 1 }""", "category 1: a text was expected as its 'name'")]
    [DataRow("""{ "id": 1, "name": "cat", "keypoints": [1] }""", "category 1: a list of names")]
    [DataRow("""{ "id": 1, "name": "cat", "keypoints": ["ear", "ear"] }""", "category 1: its 'keypoints' must be names that differ")]
    [DataRow("""{ "id": 1, "name": "cat" }, { "id": 1, "name": "dog" }""", "category 1 occurs twice")]
    public void ADamagedCategoryIsNamed(string categories, string said)
    {
        Save(Images, Annotations, $"\"categories\": [ {categories} ]");
        Says(said);
    }

    [TestMethod]
    public void TheViewCanBeShuffledAndCounted()
    {
        IDataView data = Load();
        Assert.IsTrue(data.CanShuffle);
        Assert.AreEqual(2, data.GetRowCount());
    }

    private string FilePath => Path.Combine(_folder.Path, "annotations.json");

    private void Save(string images, string annotations, string categories) =>
        File.WriteAllText(FilePath, $"{{ \"info\": {{}}, {images}, {annotations}, {categories} }}");

    private IDataView Load(CocoLoaderOptions? options = null) =>
        ML.Data.LoadCocoKeyPoints(FilePath, Path.Combine(_folder.Path, "images"), options);

    private Row[] Rows(CocoLoaderOptions? options = null) => [.. ML.Data.CreateEnumerable<Row>(Load(options), reuseRowObject: false)];

    private void Says(string said)
    {
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Load());
        StringAssert.Contains(error.Message, FilePath);
        StringAssert.Contains(error.Message, said);
    }

    private sealed class Row
    {
        public string ImageId { get; set; } = "";

        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";

        public float[] BoundingBox { get; set; } = [];

        public float[] KeyPoints { get; set; } = [];

        public float[] KeyPointVisible { get; set; } = [];
    }
}
