using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data.Cub;

[TestClass]
public sealed class CubLoaderTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void RowsHoldWhatTheFilesSay()
    {
        using var cub = new SyntheticCub();
        IDataView data = cub.Load(ML);
        Row[] rows = [.. ML.Data.CreateEnumerable<Row>(data, reuseRowObject: false)];

        CollectionAssert.AreEqual(new[] { 3, 7, 20 }, rows.Select(row => row.ImageId).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 1, 2 }, rows.Select(row => row.ClassId).ToArray());
        CollectionAssert.AreEqual(new[] { "001.Red_Bird", "001.Red_Bird", "002.Blue_Bird" }, rows.Select(row => row.Species).ToArray());
        CollectionAssert.AreEqual(new[] { true, false, true }, rows.Select(row => row.IsTrain).ToArray());
        Assert.AreEqual(cub.ImagePath("001.Red_Bird/a.jpg"), rows[0].ImagePath);
        CollectionAssert.AreEqual(new float[] { 1, 2, 10, 12 }, rows[0].BoundingBox);
        CollectionAssert.AreEqual(new[] { 4, 5.5f }, rows[0].KeyPoints[..2]);
        Assert.AreEqual(1, rows[0].KeyPointVisible[0]);
        Assert.AreEqual(0, rows[0].KeyPointVisible[14]);
        CollectionAssert.AreEqual(new float[] { 8, 9 }, rows[2].KeyPoints[2..4]);
    }

    [TestMethod]
    public void VectorsCarryTheirDimensionsAndTheNamesOfTheirSlots()
    {
        using var cub = new SyntheticCub();
        DataViewSchema schema = cub.Load(ML).Schema;

        CollectionAssert.AreEqual(new[] { 15, 2 }, ((VectorDataViewType)schema["KeyPoints"].Type).Dimensions.ToArray());
        CollectionAssert.AreEqual(new[] { 15 }, ((VectorDataViewType)schema["KeyPointVisible"].Type).Dimensions.ToArray());
        CollectionAssert.AreEqual(new[] { 4 }, ((VectorDataViewType)schema["BoundingBox"].Type).Dimensions.ToArray());
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["KeyPoints"].GetSlotNames(ref names);
        Assert.AreEqual("beak, y", names.GetItemOrDefault(3).ToString());
        Assert.IsNull(schema.GetColumnOrNull("ClassAttributes"));
    }

    [TestMethod]
    public void ABoxPastTheEdgeAndAnImageWithoutKeyPointsAreTakenAsTheyAre()
    {
        using var cub = new SyntheticCub();
        Row row = ML.Data.CreateEnumerable<Row>(cub.Load(ML), reuseRowObject: false).Single(row => row.ImageId == 7);
        CollectionAssert.AreEqual(new float[] { 10, 10, 500, 40 }, row.BoundingBox);
        Assert.IsTrue(row.KeyPointVisible.All(visible => visible == 0));
    }

    [TestMethod]
    public void TheViewCanBeShuffledAndCounted()
    {
        using var cub = new SyntheticCub();
        IDataView data = cub.Load(ML);
        Assert.IsTrue(data.CanShuffle);
        Assert.AreEqual(3, data.GetRowCount());
        CollectionAssert.AreEquivalent(new[] { 3, 7, 20 }, SyntheticCub.Ids(ML.Data.ShuffleRows(data, seed: 5)));
    }

    [TestMethod]
    [DataRow(CubSplit.All, null, null, new[] { 3, 7, 20 })]
    [DataRow(CubSplit.Train, null, null, new[] { 3, 20 })]
    [DataRow(CubSplit.Test, null, null, new[] { 7 })]
    [DataRow(CubSplit.All, "2", null, new[] { 20 })]
    [DataRow(CubSplit.All, "blue bird", null, new[] { 20 })]
    [DataRow(CubSplit.All, "001.Red_Bird", null, new[] { 3, 7 })]
    [DataRow(CubSplit.All, null, 2, new[] { 3, 7 })]
    [DataRow(CubSplit.Train, "Red_Bird", 1, new[] { 3 })]
    public void FiltersChooseRows(CubSplit split, string? cubClass, int? limit, int[] expected)
    {
        using var cub = new SyntheticCub();
        string[]? classes = cubClass is null ? null : [cubClass];
        CollectionAssert.AreEqual(expected, SyntheticCub.Ids(ML.Data.LoadCub(cub.Path, split, classes, limit)));
    }

    [TestMethod]
    public void FiltersThatLeaveNothingOrNameNoClassAreErrors()
    {
        using var cub = new SyntheticCub();
        InvalidOperationException nothing = Assert.ThrowsExactly<InvalidOperationException>(() =>
            ML.Data.LoadCub(cub.Path, CubSplit.Test, ["2"])
        );
        StringAssert.Contains(nothing.Message, "split Test and classes 2");
        ArgumentException unknown = Assert.ThrowsExactly<ArgumentException>(() => ML.Data.LoadCub(cub.Path, classes: ["Dodo"]));
        StringAssert.Contains(unknown.Message, "'Dodo'");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Data.LoadCub(cub.Path, limit: 0));
    }

    [TestMethod]
    public void MissingImagesAreSkippedWithACountInTheLogAndDoNotUseUpTheLimit()
    {
        using var cub = new SyntheticCub();
        File.Delete(cub.ImagePath("001.Red_Bird/a.jpg"));
        CollectionAssert.AreEqual(new[] { 7 }, SyntheticCub.Ids(ML.Data.LoadCub(cub.Path, limit: 1)));
        string warning = _log.Warnings.Single();
        StringAssert.Contains(warning, "1 listed image(s)");
        StringAssert.Contains(warning, "a.jpg");
    }

    [TestMethod]
    public void ItIsAnErrorWhenNoImageExists()
    {
        using var cub = new SyntheticCub();
        Directory.Delete(Path.Combine(cub.Path, "images"), recursive: true);
        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "None of the 3 images");
    }

    [TestMethod]
    [DataRow("images.txt", "3 001.Red_Bird/a.jpg\nx 001.Red_Bird/grey.jpg\n", 2, "'<image id> <path below images/>'")]
    [DataRow("images.txt", "3\n", 1, "'<image id> <path below images/>'")]
    [DataRow("images.txt", "3 001.Red_Bird/a.jpg\n\n3 001.Red_Bird/grey.jpg\n", 3, "already listed in line 1")]
    [DataRow("classes.txt", "1 001.Red_Bird\n1 002.Blue_Bird\n", 2, "occurs twice")]
    [DataRow("image_class_labels.txt", "3 1\n7 9\n20 2\n", 2, "no such class")]
    [DataRow("train_test_split.txt", "3 1\n7 2\n20 1\n", 2, "1 for train, 0 for test")]
    [DataRow("bounding_boxes.txt", "3 1.0 2.0 10.0\n", 1, "<x> <y> <width> <height>")]
    [DataRow("bounding_boxes.txt", "3 1.0 2.0 NaN 3.0\n", 1, "<x> <y> <width> <height>")]
    [DataRow("bounding_boxes.txt", "3 1.0 2.0 -4.0 3.0\n", 1, "cannot be negative")]
    [DataRow("bounding_boxes.txt", "3 1 1 1 1\n3 1 1 1 1\n", 2, "occurs twice")]
    [DataRow("parts/part_locs.txt", "3 16 1.0 1.0 1\n", 1, "no part 16")]
    [DataRow("parts/part_locs.txt", "3 1 1.0 1.0 1\n3 1 1.0 1.0 1\n", 2, "occurs twice")]
    [DataRow("parts/part_locs.txt", "3 1 1,5 1.0 1\n", 1, "<image id> <part id")]
    [DataRow("attributes/class_attribute_labels_continuous.txt", "1 2 3\n1 2\n", 2, "has 2 values, the first has 3")]
    public void AMalformedLineIsNamedWithFileAndNumber(string file, string text, int line, string expected)
    {
        using var cub = new SyntheticCub();
        cub.Write(file, text);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, Path.Combine(cub.Path, file) + $", line {line}:");
        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    [DataRow("image_class_labels.txt", "3 1\n20 2\n")]
    [DataRow("train_test_split.txt", "3 1\n20 1\n")]
    [DataRow("bounding_boxes.txt", "3 1 1 1 1\n20 1 1 1 1\n")]
    public void AnImageWithoutItsLineIsNamed(string file, string text)
    {
        using var cub = new SyntheticCub();
        cub.Write(file, text);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => ML.Data.LoadCub(cub.Path, CubSplit.All, ["1"]));
        StringAssert.Contains(error.Message, file);
        StringAssert.Contains(error.Message, "image 7");
    }

    [TestMethod]
    public void AMissingFileIsNamed()
    {
        using var cub = new SyntheticCub();
        File.Delete(Path.Combine(cub.Path, "parts", "part_locs.txt"));
        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "part_locs.txt");
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => ML.Data.LoadCub(Path.Combine(cub.Path, "nowhere")));
    }

    [TestMethod]
    public void WindowsLineEndsBlankLinesAndLinesOfUnlistedImagesAreAccepted()
    {
        using var cub = new SyntheticCub();
        foreach (string file in Directory.GetFiles(cub.Path, "*.txt", SearchOption.AllDirectories))
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace("\n", "\r\n") + "\r\n\r\n");
        }

        File.AppendAllText(Path.Combine(cub.Path, "parts", "part_locs.txt"), "99 1 1.0 1.0 1\r\n");
        File.AppendAllText(Path.Combine(cub.Path, "bounding_boxes.txt"), "99 1 1 1 1\r\n");
        CollectionAssert.AreEqual(new[] { 3, 7, 20 }, SyntheticCub.Ids(cub.Load(ML)));
    }

    [TestMethod]
    [DataRow("../outside.jpg")]
    [DataRow("001.Red_Bird/../../../outside.jpg")]
    [DataRow("/etc/hostname")]
    [DataRow("..\\outside.jpg")]
    [DataRow("C:/outside.jpg")]
    public void APathThatLeavesTheFolderIsRefused(string path)
    {
        using var cub = new SyntheticCub();
        cub.Write("images.txt", $"3 001.Red_Bird/a.jpg\n7 {path}\n");
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "line 2");
        StringAssert.Contains(error.Message, "leaves the folder");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void ALinkOutOfTheFolderIsRefused(bool linkFolder)
    {
        using var cub = new SyntheticCub();
        using var outside = new TemporaryFolder();
        string target = outside.Write("secret.jpg", "not ours");
        if (linkFolder)
        {
            Directory.CreateSymbolicLink(cub.ImagePath("linked"), outside.Path);
            cub.Write("images.txt", "3 linked/secret.jpg\n");
        }
        else
        {
            File.CreateSymbolicLink(cub.ImagePath("002.Blue_Bird/secret.jpg"), target);
            cub.Write("images.txt", "3 002.Blue_Bird/secret.jpg\n");
        }

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "out of the folder");
        StringAssert.Contains(error.Message, $"{nameof(CubLoaderOptions)}.{nameof(CubLoaderOptions.FollowLinks)}");
        Assert.HasCount(1, SyntheticCub.Ids(cub.Load(ML, new CubLoaderOptions { FollowLinks = true })));
    }

    [TestMethod]
    public void ImagesThatAreALinkToSharedStorageAreReadWhereLinksAreFollowed()
    {
        using var cub = new SyntheticCub();
        using var storage = new TemporaryFolder();
        string images = Path.Combine(cub.Path, "images");
        string elsewhere = Path.Combine(storage.Path, "images");
        Directory.Move(images, elsewhere);
        Directory.CreateSymbolicLink(images, elsewhere);

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML)).Message, "FollowLinks");
        IDataView data = cub.Load(ML, new CubLoaderOptions { FollowLinks = true });

        CollectionAssert.AreEqual(new[] { 3, 7, 20 }, SyntheticCub.Ids(data));
        Assert.IsTrue(data.GetColumn<string>("ImagePath").All(File.Exists));
        cub.Write("images.txt", "3 ../images/001.Red_Bird/a.jpg\n");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML, new CubLoaderOptions { FollowLinks = true })).Message,
            "leaves the folder"
        );
    }

    [TestMethod]
    [DataRow("CUB_200_2011")]
    [DataRow("CUB_200_2011/CUB_200_2011")]
    public void TheDataSetIsFoundInTheFolderThatItWasUnpackedIn(string below)
    {
        using var cub = new SyntheticCub();
        using var outer = new TemporaryFolder();
        string inner = Path.Combine(outer.Path, below);
        Directory.CreateDirectory(Path.GetDirectoryName(inner)!);
        Directory.Move(cub.Path, inner);
        Directory.CreateDirectory(cub.Path);
        IDataView data = ML.Data.LoadCub(outer.Path);
        CollectionAssert.AreEqual(new[] { 3, 7, 20 }, SyntheticCub.Ids(data));
        Assert.AreEqual(Path.Combine(inner, "images", "001.Red_Bird", "a.jpg"), data.GetColumn<string>("ImagePath").First());
    }

    [TestMethod]
    public void WhereNoDataSetIsTheFolderThatWasNamedIsSaid()
    {
        using var empty = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(empty.Path, "CUB_200_2011"));
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => ML.Data.LoadCub(empty.Path)).Message,
            $"'{Path.Combine(empty.Path, "classes.txt")}'"
        );
    }

    [TestMethod]
    [DataRow("CUB_200_2011/segmentations")]
    [DataRow("segmentations")]
    public void MasksOfWholeObjectsAreFoundInsideAndBeside(string place)
    {
        using var cub = new SyntheticCub();
        using var outer = new TemporaryFolder();
        string inner = Path.Combine(outer.Path, "CUB_200_2011");
        Assert.IsNull(cub.Load(ML).Schema.GetColumnOrNull("ObjectMaskPath"));
        Directory.Move(cub.Path, inner);
        Directory.CreateDirectory(cub.Path);
        string mask = outer.Write(Path.Combine(place, "001.Red_Bird", "a.png"), "");
        CollectionAssert.AreEqual(
            new[] { mask, "", "" },
            ML.Data.LoadCub(inner).GetColumn<string>("ObjectMaskPath").ToArray(),
            "two images have none"
        );
    }

    [TestMethod]
    public void MasksOfWholeObjectsFollowTheRuleOfImages()
    {
        using var cub = new SyntheticCub();
        using var outside = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(cub.Path, "segmentations", "001.Red_Bird"));
        string mask = Path.Combine(cub.Path, "segmentations", "001.Red_Bird", "a.png");
        File.CreateSymbolicLink(mask, outside.Write("secret.png", "not ours"));
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "object mask");
        StringAssert.Contains(error.Message, "CubLoaderOptions.FollowLinks");
        IDataView data = cub.Load(ML, new CubLoaderOptions { FollowLinks = true });
        Assert.AreEqual(mask, data.GetColumn<string>("ObjectMaskPath").First());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void PartMasksFollowTheRuleOfImages(bool linkFolder)
    {
        using var cub = new SyntheticCub();
        using var outside = new TemporaryFolder();
        cub.Write("part_masks/parts.txt", "1 beak\n");
        cub.Write("part_masks/001.Red_Bird/grey.jpg", "");
        string masks = Path.Combine(cub.Path, "part_masks");
        if (linkFolder)
        {
            Directory.Move(masks, Path.Combine(outside.Path, "masks"));
            Directory.CreateSymbolicLink(masks, Path.Combine(outside.Path, "masks"));
        }
        else
        {
            File.CreateSymbolicLink(Path.Combine(masks, "001.Red_Bird", "a.jpg"), outside.Write("secret.jpg", "not ours"));
        }

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "part mask");
        StringAssert.Contains(error.Message, "FollowLinks");
        IDataView data = cub.Load(ML, new CubLoaderOptions { FollowLinks = true });
        Assert.AreEqual(Path.Combine(masks, "001.Red_Bird", "a.jpg"), data.GetColumn<string>("PartMaskPath").First());
    }

    [TestMethod]
    public void ALinkInsideTheFolderAndALinkToTheFolderAreFollowed()
    {
        using var cub = new SyntheticCub();
        using var elsewhere = new TemporaryFolder();
        File.CreateSymbolicLink(cub.ImagePath("002.Blue_Bird/link.jpg"), "../001.Red_Bird/a.jpg");
        cub.Write("images.txt", "3 002.Blue_Bird/link.jpg\n");
        string link = Path.Combine(elsewhere.Path, "cub");
        Directory.CreateSymbolicLink(link, cub.Path);
        Assert.HasCount(1, SyntheticCub.Ids(ML.Data.LoadCub(link)));
    }

    [TestMethod]
    public void ClassAttributesFollowTheClassAndGetTheirNames()
    {
        using var cub = new SyntheticCub();
        cub.Write("attributes/class_attribute_labels_continuous.txt", "0.0 25.5\n100.0 1e1\n");
        cub.Write("attributes/attributes.txt", "1 has_bill_shape::dagger\n2 has_wing_color::red\n");
        IDataView data = cub.Load(ML);
        float[][] values = [.. data.GetColumn<float[]>("ClassAttributes")];
        CollectionAssert.AreEqual(new[] { 0, 25.5f }, values[1]);
        CollectionAssert.AreEqual(new float[] { 100, 10 }, values[2]);
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["ClassAttributes"].GetSlotNames(ref names);
        Assert.AreEqual("has_wing_color::red", names.GetItemOrDefault(1).ToString());
    }

    [TestMethod]
    public void TooFewRowsOfClassAttributesAreAnError()
    {
        using var cub = new SyntheticCub();
        cub.Write("attributes/class_attribute_labels_continuous.txt", "0.0 25.5\n");
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "has 1 rows");
    }

    [TestMethod]
    public void AClassBeforeTheFirstRowOfClassAttributesIsAnError()
    {
        using var cub = new SyntheticCub();
        cub.Write("classes.txt", "0 001.Red_Bird\n2 002.Blue_Bird\n");
        cub.Write("image_class_labels.txt", "3 0\n7 0\n20 2\n");
        Assert.HasCount(3, SyntheticCub.Ids(cub.Load(ML)));
        cub.Write("attributes/class_attribute_labels_continuous.txt", "0.0 25.5\n1.0 2.0\n");
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cub.Load(ML));
        StringAssert.Contains(error.Message, "classes from 0 to 2");
    }

    private sealed class Row
    {
        public int ImageId { get; set; }

        public string ImagePath { get; set; } = "";

        public string Species { get; set; } = "";

        public int ClassId { get; set; }

        public bool IsTrain { get; set; }

        public float[] BoundingBox { get; set; } = [];

        public float[] KeyPoints { get; set; } = [];

        public float[] KeyPointVisible { get; set; } = [];
    }
}
