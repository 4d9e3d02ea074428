using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Data;

/// <summary>The loader on real files of CUB-200-2011.</summary>
[TestClass]
public sealed class CubSubsetTests
{
    private readonly LoggingContext _log = new();

    [TestMethod]
    public void The200ImagesOfTheSubsetAreLoadedAndDecoded()
    {
        MLContext ml = _log.ML;
        IDataView data = ml.Data.LoadCub(TestData.Require("cub/subset200/CUB_200_2011"));
        Assert.AreEqual(200, data.GetRowCount());
        CollectionAssert.AreEqual(new[] { 312 }, data.Schema.Dimensions("ClassAttributes"));
        Assert.HasCount(50, data.GetColumn<int>("ClassId").Distinct().ToArray());
        Assert.AreEqual(5, data.GetColumn<int>("ImageId").First());
        int training = data.GetColumn<bool>("IsTrain").Count(isTrain => isTrain);
        Assert.AreEqual(training, ml.Data.LoadCub(TestData.Require("cub/subset200/CUB_200_2011"), CubSplit.Train).GetRowCount());

        IDataView images = ml.Transforms.LoadGroundingImages().Fit(data).Transform(ml.Data.TakeRows(data, 10));
        using DataViewRowCursor cursor = images.GetRowCursor([images.Schema["Image"]]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(images.Schema["Image"]);
        MLImage image = null!;
        while (cursor.MoveNext())
        {
            getter(ref image);
            Assert.IsGreaterThan(0, image.Width);
        }

        image.Dispose();
        Assert.IsEmpty(_log.Warnings);
    }

    /// <summary>None of them has an orientation, alpha or a profile: what is shown are the pixels as they are decoded.</summary>
    [TestMethod]
    public void The200ImagesOfTheSubsetAreShownAsTheyAreStored()
    {
        int files = 0;
        foreach (string path in _log.ML.Data.LoadCub(TestData.Require("cub/subset200/CUB_200_2011")).GetColumn<string>("ImagePath"))
        {
            using MLImage image = ImageFile.Load(path);
            using var decoded = SKBitmap.Decode(path);
            Assert.AreEqual(SKColorType.Bgra8888, decoded.ColorType);
            Assert.IsTrue(image.Pixels.SequenceEqual(decoded.GetPixelSpan()), path);
            files++;
        }

        Assert.AreEqual(200, files);
    }
}
