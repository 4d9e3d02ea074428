using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Data.Images;

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
    public void WhatIsNoFileCostsItsOwnRowOnly()
    {
        using var folder = new TemporaryFolder();
        string good = TestData.Fixture("images/png-rgb.png");
        IDataView data = ML.Data.LoadFromEnumerable(
            new[]
            {
                new PathRow { ImagePath = good },
                new PathRow { ImagePath = folder.Path },
                new PathRow { ImagePath = "" },
                new PathRow { ImagePath = good },
            }
        );
        MLImage?[] rows = Load(data);
        CollectionAssert.AreEqual(new[] { false, true, true, false }, rows.Select(row => row is null).ToArray());
        Assert.IsTrue(_log.Warnings.Any(warning => warning.Contains($"'{folder.Path}' is a directory", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void OptionsAreKeptInASavedModel()
    {
        IDataView data = ML.Data.LoadFromEnumerable(
            new[]
            {
                new PathRow { ImagePath = TestData.Fixture("images/png-rgb-o6.png") },
                new PathRow { ImagePath = TestData.Fixture("images/tiff-float.tif") },
            }
        );
        var loading = new ImageLoadingOptions
        {
            AsStored = true,
            FloatRange = new FloatRange(-200, 455.35f),
            MaxPixels = 300,
        };
        GroundingImageLoaderTransformer fitted = ML.Transforms.LoadGroundingImages(loading: loading).Fit(data);
        // Changed too late to matter.
        loading.AsStored = false;
        using var saved = new MemoryStream();
        ML.Model.Save(fitted, data.Schema, saved);
        saved.Position = 0;
        ITransformer loaded = ML.Model.Load(saved, out _);
        MLImage?[] expected = Images(fitted.Transform(data));
        MLImage?[] actual = Images(loaded.Transform(data));
        Assert.AreEqual((21, 13), (actual[0]!.Width, actual[0]!.Height));
        Assert.IsTrue(expected[1]!.Pixels.SequenceEqual(actual[1]!.Pixels));
        Assert.IsNull(
            Images(
                loaded.Transform(
                    ML.Data.LoadFromEnumerable(new[] { new PathRow { ImagePath = TestData.Fixture("images/gif-palette-partial.gif") } })
                )
            )[0]
        );
    }

    [TestMethod]
    public void AColumnThatIsNoPathIsRefusedBeforeFit()
    {
        using var cub = new SyntheticCub();
        EstimatorChain<GroundingImageLoaderTransformer> chain = new EstimatorChain<ITransformer>().Append(
            ML.Transforms.LoadGroundingImages(inputColumnName: "ImageId")
        );
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(cub.Load(ML)));
        StringAssert.Contains(error.Message, "'ImageId'");
    }

    // CreateEnumerable cannot read images of varying size, so a cursor does.
    private MLImage?[] Load(IDataView data) => Images(ML.Transforms.LoadGroundingImages().Fit(data).Transform(data));

    private static MLImage?[] Images(IDataView images)
    {
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

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }
}
