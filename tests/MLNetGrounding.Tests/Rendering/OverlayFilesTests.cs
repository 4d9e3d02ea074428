using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Rendering;

[TestClass]
public sealed class OverlayFilesTests
{
    private static readonly MLContext ML = new();

    private static readonly Lazy<IDataView> Grounded = new(() =>
        ML.Transforms.SelectHeads().Append(ML.Transforms.MaskByRollout()).Fit(RectangularRows.View).Transform(RectangularRows.View)
    );

    [TestMethod]
    public void EachMapOfEachImageIsAPicture()
    {
        using TemporaryFolder folder = new();
        string target = Path.Combine(folder.Path, "new", "overlays");
        IReadOnlyList<string> files = ML.Grounding.SaveOverlays(Grounded.Value, target, regionThreshold: 0.3);
        CollectionAssert.AreEqual(
            new[]
            {
                "00001-image-0-01-beak.png",
                "00001-image-0-02-tail.png",
                "00002-image-1-01-beak.png",
                "00002-image-1-02-tail.png",
                "00003-image-2-01-beak.png",
                "00003-image-2-02-tail.png",
            },
            files.Select(Path.GetFileName).ToArray()
        );
        CollectionAssert.AreEquivalent(files.ToArray(), Directory.GetFiles(target));

        float[] map =
        [
            .. Grounded.Value.GetColumn<float[]>(Grounded.Value.Schema["GroundingMaps"]).ElementAt(1).Skip(RectangularRows.Grid.Cells),
        ];
        using MLImage image = RectangularRows.Image(1);
        using GroundingOverlay expected = new(image, RectangularRows.Geometry(1));
        expected.DrawMap(map).DrawRegion(map, 0.3).DrawLabel("tail").Save(Path.Combine(folder.Path, "expected.png"));
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(folder.Path, "expected.png")), File.ReadAllBytes(files[3]));
    }

    [TestMethod]
    public void SeveralMethodsAreToldApartAndNamesAreSafe()
    {
        using TemporaryFolder folder = new();
        IDataView view = ML
            .Transforms.CopyColumns("GroundingMaps.My/Own", "GroundingMaps")
            .Append(ML.Transforms.DropColumns("ImagePath"))
            .Fit(Grounded.Value)
            .Transform(Grounded.Value);
        IReadOnlyList<string> files = ML.Grounding.SaveOverlays(view, folder.Path);
        Assert.HasCount(12, files);
        Assert.AreEqual("00001-My_Own-01-beak.png", Path.GetFileName(files[2]));
    }

    [TestMethod]
    public void AThresholdBeyondTheMapsIsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ML.Grounding.SaveOverlays(Grounded.Value, "nowhere", regionThreshold: 1.5));
}
