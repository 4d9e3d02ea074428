using System.Text.Json.Nodes;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families.Llava;

[TestClass]
public sealed class SquareImageSettingsTests
{
    private string _directory = null!;

    [TestInitialize]
    public void CreateFolder() => _directory = Directory.CreateTempSubdirectory("grounding-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void WhatIsWrittenIsRead()
    {
        SquareImageSettings configuration = Changed(_ => { });
        Assert.AreEqual(336, configuration.Size);
        Assert.AreEqual(1 / 255.0, configuration.Pixels.RescaleFactor);
        CollectionAssert.AreEqual(new[] { 0.48145466, 0.4578275, 0.40821073 }, configuration.Pixels.Mean.ToArray());
        CollectionAssert.AreEqual(new[] { 0.26862954, 0.26130258, 0.27577711 }, configuration.Pixels.StandardDeviation.ToArray());
    }

    [TestMethod]
    public void SizesMayBeNumbersOrObjects()
    {
        Assert.AreEqual(336, Changed(file => file["size"] = 336).Size);
        Assert.AreEqual(336, Changed(file => file["crop_size"] = 336).Size);
        Assert.AreEqual(336, Changed(file => file["size"] = new JsonObject { ["height"] = 336, ["width"] = 336 }).Size);
        Assert.AreEqual(336, Changed(file => file.Remove("crop_size")).Size);
    }

    [TestMethod]
    [DataRow("CLIPImageProcessor", ImageFit.Crop)]
    [DataRow("CLIPImageProcessorFast", ImageFit.Crop)]
    [DataRow("LlavaImageProcessor", ImageFit.Pad)]
    [DataRow("LlavaImageProcessorFast", ImageFit.Pad)]
    public void OnlyTheFamilysOwnProcessorPads(string type, ImageFit fit) =>
        Assert.AreEqual(
            fit,
            Changed(file =>
            {
                file["image_processor_type"] = type;
                file["do_pad"] = true;
            }).NativeFit
        );

    [TestMethod]
    public void ViewsAreSquareWithoutACrop()
    {
        using TemporaryFolder folder = new();
        folder.Write(
            "preprocessor_config.json",
            """{"image_processor_type":"LlavaNextImageProcessor","do_center_crop":false,"size":{"shortest_edge":56}}"""
        );
        Assert.AreEqual(ResampleFilter.Bicubic, SquareImageSettings.ReadViews(folder.Path, 56).Filter);
        Assert.AreEqual(
            "size",
            Assert.ThrowsExactly<CheckpointException>(() => SquareImageSettings.ReadViews(folder.Path, 70)).SettingName
        );
    }

    [TestMethod]
    public void StepsCanBeTurnedOff()
    {
        SquareImageSettings raw = Changed(file =>
        {
            file["do_rescale"] = false;
            file["do_normalize"] = false;
        });
        Assert.AreEqual(1, raw.Pixels.RescaleFactor);
        CollectionAssert.AreEqual(new double[3], raw.Pixels.Mean.ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 1, 1 }, raw.Pixels.StandardDeviation.ToArray());
        float[] values = raw
            .Pixels.CreateNormalizer()
            .ToPlanes(ImageFitter.Resize(Pictures.Plain(9, 5, 3, 4, 200), ImageFit.Crop, 336, 336, raw.Pixels, CancellationToken.None));
        Assert.AreEqual((3, 4, 200), (values[0], values[336 * 336], values[^1]));
    }

    [TestMethod]
    [DataRow("resample", "5")]
    [DataRow("resample", "\"bicubic\"")]
    [DataRow("size", "224")]
    [DataRow("size", "{\"shortest_edge\": 224}")]
    [DataRow("size", "{\"height\": 336}")]
    [DataRow("size", "{\"longest_edge\": 336}")]
    [DataRow("crop_size", "{\"height\": 336, \"width\": 224}")]
    [DataRow("crop_size", "\"336\"")]
    [DataRow("do_resize", "false")]
    [DataRow("do_normalize", "1")]
    [DataRow("rescale_factor", "0")]
    [DataRow("image_mean", "[0.5, 0.5]")]
    [DataRow("image_mean", "[0.5, 0.5, \"0.5\"]")]
    [DataRow("image_std", "[0.5, 0.5, 0]")]
    public void WhatIsNotImplementedIsNamed(string key, string value)
    {
        CheckpointException error = Assert.ThrowsExactly<CheckpointException>(() => Changed(file => file[key] = JsonNode.Parse(value)));
        StringAssert.Contains(error.Message, CheckpointSettings.ImageProcessorFileName);
        StringAssert.Contains(error.Message, $"'{key}");
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow("[]")]
    public void DamagedFilesAreNamed(string content)
    {
        File.WriteAllText(Path.Combine(_directory, CheckpointSettings.ImageProcessorFileName), content);
        CheckpointException error = Assert.ThrowsExactly<CheckpointException>(() => SquareImageSettings.Read(_directory, 336));
        Assert.AreEqual(Path.Combine(_directory, CheckpointSettings.ImageProcessorFileName), error.FilePath);
    }

    [TestMethod]
    public void AMissingFileIsNamed() => Assert.ThrowsExactly<CheckpointException>(() => SquareImageSettings.Read(_directory, 336));

    private SquareImageSettings Changed(Action<JsonObject> change)
    {
        LlavaShape.WriteImages(_directory, 336);
        string path = Path.Combine(_directory, CheckpointSettings.ImageProcessorFileName);
        JsonObject file = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(file);
        File.WriteAllText(path, file.ToJsonString());
        return SquareImageSettings.Read(_directory, 336);
    }
}
