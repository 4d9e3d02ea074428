using Microsoft.ML;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data.Points;

[TestClass]
public sealed class KeyPointFileLoaderTests : IDisposable
{
    private const string Text = """
        label,Image,X,Y,Width,Height,point,visible,word,source
        "car, red",a.png,10,20,30.5,40,,,,me
        ,a.png,11,21,,,left wheel,,,me
        ,a.png,12,22,,,"the ""big"" door",0,"door;side",me

        ,"more/b, c.png",1.5,2.5,,,left_wheel,1,,me
        ,"more/b, c.png",,,,,right wheel,,,me
        ,d.png,,,,,,,,me
        """;

    private readonly LoggingContext _log = new();
    private readonly TemporaryFolder _folder = new();

    private MLContext ML => _log.ML;

    private string FilePath => Path.Combine(_folder.Path, "points.csv");

    [TestInitialize]
    public void Write()
    {
        foreach (string image in (string[])["a.png", "more/b, c.png", "d.png"])
        {
            _folder.Write(image, "an image that nobody opens");
        }

        _folder.Write("points.csv", Text);
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void RowsHoldWhatTheFileSays()
    {
        Row[] rows = Rows();
        CollectionAssert.AreEqual(new[] { "a.png", "more/b, c.png", "d.png" }, rows.Select(row => row.ImageId).ToArray());
        Assert.AreEqual(Path.Combine(_folder.Path, "more", "b, c.png"), Path.GetFullPath(rows[1].ImagePath));
        CollectionAssert.AreEqual(new[] { "car, red", "", "" }, rows.Select(row => row.Label).ToArray());
        CollectionAssert.AreEqual(new[] { 10, 20, 30.5f, 40 }, rows[0].BoundingBox);
        Assert.IsTrue(rows[1].BoundingBox.All(float.IsNaN));
        CollectionAssert.AreEqual(new float[] { 11, 21, 12, 22, 0, 0 }, rows[0].KeyPoints);
        CollectionAssert.AreEqual(new float[] { 1, 0, 0 }, rows[0].KeyPointVisible);
        CollectionAssert.AreEqual(new float[] { 1, 0, 0 }, rows[1].KeyPointVisible, "a point without a place is not visible");
        CollectionAssert.AreEqual(new float[] { 0, 0, 0 }, rows[2].KeyPointVisible);
    }

    [TestMethod]
    public void PointsCountForTheWordsOfTheFileElseForTheirNames()
    {
        var description = KeyPointDescription.Of(Load().Schema["KeyPoints"]);
        CollectionAssert.AreEqual(new[] { "left wheel", "the \"big\" door", "right wheel" }, description.Names.ToArray());
        CollectionAssert.AreEqual(new[] { "wheel", "door", "side" }, description.KeyPointTable.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 2 }, description.KeyPointTable["wheel"].ToArray());
        CollectionAssert.AreEqual(new[] { 1 }, description.KeyPointTable["side"].ToArray());
        description = KeyPointDescription.Of(
            Load(
                new KeyPointFileOptions
                {
                    Words = new Dictionary<string, IReadOnlyList<string>> { ["front"] = ["left wheel"] },
                    SwappedWords = new Dictionary<string, string> { ["front"] = "door" },
                }
            ).Schema["KeyPoints"]
        );
        CollectionAssert.AreEqual(new[] { "front" }, description.KeyPointTable.Keys.ToArray());
        Assert.AreEqual("door", description.SwappedQueries!["front"]);
    }

    [TestMethod]
    public void ALineBreakWithinQuotesBelongsToItsField()
    {
        _folder.Write("points.csv", "image,point,x,y,label\na.png,door,1,2,\"red\ncar\"\nd.png,door,3,4,\n");
        CollectionAssert.AreEqual(new[] { "red\ncar", "" }, Rows().Select(row => row.Label).ToArray());
    }

    [TestMethod]
    [DataRow("left wheel", "wheel")]
    [DataRow("wheel_right", "wheel")]
    [DataRow("Front_Left", "Front")]
    [DataRow("left", "left")]
    [DataRow("leftmost wheel", "leftmost wheel")]
    public void ThePointsWordIsItsNameWithoutTheSide(string point, string word)
    {
        _folder.Write("points.csv", $"image,point,x,y\na.png,{point},1,2\n");
        Assert.AreEqual(word, KeyPointDescription.Of(Load().Schema["KeyPoints"]).KeyPointTable.Keys.Single());
    }

    [TestMethod]
    public void ImagesMayLieInAFolderOfTheirOwn()
    {
        using TemporaryFolder images = new();
        images.Write("d.png", "");
        Row[] rows = Rows(new KeyPointFileOptions { ImageDirectory = images.Path });
        Assert.AreEqual(Path.Combine(images.Path, "d.png"), rows.Single().ImagePath);
        StringAssert.Contains(_log.Warnings.Single(), "2 listed image(s)");
        Assert.HasCount(1, Rows(new KeyPointFileOptions { Limit = 1 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Load(new KeyPointFileOptions { Limit = 0 }));
    }

    [TestMethod]
    [DataRow("image,point,x\n", 1, "lack y")]
    [DataRow("image,point,x,y,Path\n", 1, "occurs twice")]
    [DataRow("image,point,x,y\na.png,door,1\n", 2, "3 fields; 4 were expected")]
    [DataRow("image,point,x,y\n\na.png,door,1;5,2\n", 3, "a number was expected in 'x', found '1;5'")]
    [DataRow("image,point,x,y\na.png,door,NaN,2\n", 2, "a number was expected in 'x'")]
    [DataRow("image,point,x,y\na.png,door,1,\n", 2, "a number was expected in 'y'")]
    [DataRow("image,point,x,y\na.png,door,1,1\na.png,door,1,2\n", 3, "occurs twice")]
    [DataRow("image,point,x,y,visible\na.png,door,1,1,2\n", 2, "1 or 0 was expected in 'visible', found '2'")]
    [DataRow("image,point,x,y,visible\na.png,door,,,1\n", 2, "a visible point needs")]
    [DataRow("image,point,x,y\na.png,,1,1\n", 2, "a point needs its name")]
    [DataRow("image,point,x,y,width,height\na.png,,1,1,5,\n", 2, "a number was expected in 'height'")]
    [DataRow("image,point,x,y,width,height\na.png,,1,1,5,-1\n", 2, "cannot be negative")]
    [DataRow("image,point,x,y,width,height\na.png,,1,1,5,1\na.png,,1,1,5,2\n", 3, "a second box")]
    [DataRow("image,point,x,y,label\na.png,door,1,1,car\na.png,lamp,1,1,bus\n", 3, "'bus' here and 'car' before")]
    [DataRow("image,point,x,y\n,door,1,1\n", 2, "the path of an image")]
    [DataRow("image,point,x,y\n../a.png,door,1,1\n", 2, "leaves the folder")]
    [DataRow("image,point,x,y\n/etc/hostname,door,1,1\n", 2, "leaves the folder")]
    [DataRow("image,point,x,y\na.png,\"the\ndoor\",1,1\na.png,lamp,x,1\n", 4, "found 'x'")]
    [DataRow("image,point,x,y\na.png,\"the\ndoor\",x,1\n", 2, "found 'x'")]
    public void AMalformedLineIsNamed(string text, int line, string said)
    {
        _folder.Write("points.csv", text);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Load());
        StringAssert.Contains(error.Message, $"'{FilePath}', line {line}:");
        StringAssert.Contains(error.Message, said);
    }

    [TestMethod]
    [DataRow("", "lists no image")]
    [DataRow("image,point,x,y\n", "lists no image")]
    [DataRow("image,point,x,y,width,height\na.png,,1,1,2,2\n", "has no point")]
    [DataRow("image,point,x,y\na.png,\"door,1,1\n", "ends within quotes, which begin in line 2")]
    public void AFileWithoutPointsIsNamed(string text, string said)
    {
        _folder.Write("points.csv", text);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Load()).Message, said);
    }

    [TestMethod]
    public void AMissingFileOrFolderIsNamed()
    {
        Assert.ThrowsExactly<FileNotFoundException>(() => ML.Data.LoadKeyPoints("nowhere.csv"));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => Load(new KeyPointFileOptions { ImageDirectory = "nowhere" }));
    }

    private IDataView Load(KeyPointFileOptions? options = null) => ML.Data.LoadKeyPoints(FilePath, options);

    private Row[] Rows(KeyPointFileOptions? options = null) => [.. ML.Data.CreateEnumerable<Row>(Load(options), reuseRowObject: false)];

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
