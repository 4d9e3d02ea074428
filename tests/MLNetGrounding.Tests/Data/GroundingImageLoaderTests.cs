using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Data;

[TestClass]
public sealed class GroundingImageLoaderTests
{
    private readonly LoggingContext _log = new();

    private MLContext ML => _log.ML;

    [TestMethod]
    public void ImagesAreDecodedGrayOnesToo()
    {
        using var cub = new SyntheticCub();
        MLImage?[] rows = Load(cub.Load(ML));
        Assert.AreEqual(32, rows[0]!.Width);
        Assert.AreEqual(24, rows[0]!.Height);
        Assert.AreEqual(MLPixelFormat.Bgra32, rows[0]!.PixelFormat);
        ReadOnlySpan<byte> gray = rows[1]!.Pixels;
        Assert.AreEqual(30 * 40 * 4, gray.Length);
        Assert.AreEqual(gray[0], gray[1]);
        Assert.AreEqual(gray[0], gray[2]);
        ReadOnlySpan<byte> color = rows[0]!.Pixels;
        Assert.IsTrue(Math.Abs(color[0] - 50) < 4 && Math.Abs(color[2] - 200) < 4, "blue first, red last");
    }

    [TestMethod]
    public void ABrokenATruncatedAndAMissingImageAreNullAndNamedInTheLog()
    {
        using var cub = new SyntheticCub();
        IDataView data = cub.Load(ML);
        string broken = cub.ImagePath("001.Red_Bird/a.jpg");
        string truncated = cub.ImagePath("001.Red_Bird/grey.jpg");
        File.WriteAllText(broken, "this is no picture");
        byte[] bytes = File.ReadAllBytes(truncated);
        File.WriteAllBytes(truncated, bytes[..^40]);

        MLImage?[] rows = Load(data);

        Assert.IsNull(rows[0]);
        Assert.IsNull(rows[1]);
        Assert.IsNotNull(rows[2]);
        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains(broken)), "the broken file is named");
        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains(truncated)), "the truncated file is named");
        StringAssert.Contains(_log.Warnings[^1], "2 row(s)");

        File.Delete(cub.ImagePath("002.Blue_Bird/c.jpg"));
        Assert.IsNull(Load(data)[2]);
    }

    [TestMethod]
    public void AnImageIsDecodedOnceForAllWhoReadItAndEachGetsItsOwn()
    {
        using var cub = new SyntheticCub();
        IDataView data = cub.Load(ML);
        IDataView loaded = ML.Transforms.LoadGroundingImages().Fit(data).Transform(data);
        DataViewSchema.Column column = loaded.Schema["Image"];
        using DataViewRowCursor cursor = loaded.GetRowCursor([column]);
        ValueGetter<MLImage> first = cursor.GetGetter<MLImage>(column);
        ValueGetter<MLImage> second = cursor.GetGetter<MLImage>(column);
        (MLImage? one, MLImage? other) = (null, null);
        foreach (string file in (string[])["001.Red_Bird/a.jpg", "001.Red_Bird/grey.jpg"])
        {
            Assert.IsTrue(cursor.MoveNext());
            first(ref one!);
            // Whoever decodes again does not find it.
            File.Delete(cub.ImagePath(file));
            second(ref other!);
            Assert.AreNotSame(one, other);
            Assert.AreEqual(one.Tag, other.Tag);
            CollectionAssert.AreEqual(one.Pixels.ToArray(), other.Pixels.ToArray());
            one.Dispose();
            Assert.AreEqual(4 * other.Width * other.Height, other.Pixels.Length, "what one reader disposes is not the other's");
            one = null;
        }

        other!.Dispose();
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public void AnImageThatClaimsToBeHugeIsNullAndNamedInTheLog()
    {
        using var cub = new SyntheticCub();
        IDataView data = cub.Load(ML);
        string huge = cub.ImagePath("001.Red_Bird/a.jpg");
        HugePicture.Write(huge);
        Assert.IsNull(Load(data)[0]);
        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains($"'{huge}' has 200000 x 200000 pixels", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void AColumnThatIsNoPathIsRefusedBeforeFit()
    {
        using var cub = new SyntheticCub();
        var chain = new EstimatorChain<ITransformer>().Append(ML.Transforms.LoadGroundingImages(inputColumnName: "ImageId"));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(cub.Load(ML)));
        StringAssert.Contains(error.Message, "'ImageId'");
    }

    // CreateEnumerable cannot read images of varying size, so a cursor does.
    private MLImage?[] Load(IDataView data)
    {
        IDataView images = ML.Transforms.LoadGroundingImages().Fit(data).Transform(data);
        DataViewSchema.Column column = images.Schema["Image"];
        using DataViewRowCursor cursor = images.GetRowCursor([column]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        var rows = new List<MLImage?>();
        while (cursor.MoveNext())
        {
            MLImage image = null!;
            getter(ref image);
            rows.Add(image);
        }

        return [.. rows];
    }
}
