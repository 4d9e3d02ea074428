using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Checkpoints;

[TestClass]
public sealed class CheckpointSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ImageSettingsOfTransformers5AreASectionOfTheProcessors()
    {
        string path = _folder.Write("processor_config.json", """{"image_seq_length":9,"image_processor":{"size":336,"resample":"x"}}""");
        JsonSettings settings = CheckpointSettings.ImageProcessor(_folder.Path);
        Assert.AreEqual(336, settings.Int("size", 1, 1000));
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => settings.Int("resample", 0, 5));
        Assert.AreEqual(path, exception.FilePath);
        Assert.AreEqual("image_processor.resample", exception.SettingName);
    }

    [TestMethod]
    public void TheProcessorsSectionStandsAboveTheOldFile()
    {
        string old = _folder.Write("preprocessor_config.json", """{"size":1}""");
        string processor = _folder.Write("processor_config.json", """{"image_seq_length":9}""");
        Assert.AreEqual(old, CheckpointSettings.ImageProcessor(_folder.Path).FilePath);
        _folder.Write("processor_config.json", """{"image_processor":{"size":2}}""");
        Assert.AreEqual(processor, CheckpointSettings.ImageProcessor(_folder.Path).FilePath);
    }

    [TestMethod]
    public void MissingImageSettingsNameBothPlaces()
    {
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => CheckpointSettings.ImageProcessor(_folder.Path));
        StringAssert.Contains(exception.Message, "preprocessor_config.json", StringComparison.Ordinal);
        StringAssert.Contains(exception.Message, "processor_config.json", StringComparison.Ordinal);
    }

    [TestMethod]
    public void AFolderWithTheSettingsOfTransformers5OpensAndComputesTheSame()
    {
        string copy = new CheckpointCopy(GoldenData.TinyA.Checkpoint).Write(Path.Combine(_folder.Path, "c"));
        string old = Path.Combine(copy, CheckpointSettings.ImageProcessorFileName);
        File.WriteAllText(
            Path.Combine(copy, CheckpointSettings.ProcessorFileName),
            $$"""{"image_processor":{{File.ReadAllText(old)}},"processor_class":"LlavaProcessor"}"""
        );
        File.Delete(old);
        TinyACapture.AssertEqual(TinyACapture.Run(GoldenData.TinyA.Checkpoint), TinyACapture.Run(copy));
    }

    [TestMethod]
    public void TheChatTemplateIsFoundWhereItHasBeenWrittenOverTheYears()
    {
        Assert.IsNull(ChatTemplateFile.TryRead(_folder.Path));
        string tokenizer = _folder.Write("tokenizer_config.json", """{"chat_template":"of the tokenizer"}""");
        Assert.AreEqual(new ChatTemplateFile("of the tokenizer", tokenizer), ChatTemplateFile.TryRead(_folder.Path));
        _folder.Write(
            "tokenizer_config.json",
            """{"chat_template":[{"name":"tool_use","template":"tools"},{"name":"default","template":"default one"}]}"""
        );
        Assert.AreEqual(new ChatTemplateFile("default one", tokenizer), ChatTemplateFile.TryRead(_folder.Path));
        string json = _folder.Write("chat_template.json", """{"chat_template":"line\r\nline"}""");
        Assert.AreEqual(new ChatTemplateFile("line\nline", json), ChatTemplateFile.TryRead(_folder.Path));
        string jinja = _folder.Write("chat_template.jinja", "{{ messages }}\n");
        Assert.AreEqual(new ChatTemplateFile("{{ messages }}\n", jinja), ChatTemplateFile.TryRead(_folder.Path));
    }

    [TestMethod]
    public void ATemplateThatIsNoUtf8IsNamed()
    {
        string path = Path.Combine(_folder.Path, ChatTemplateFile.FileName);
        File.WriteAllBytes(path, [0x41, 0xFF]);
        Assert.AreEqual(path, Assert.ThrowsExactly<CheckpointException>(() => ChatTemplateFile.TryRead(_folder.Path)).FilePath);
    }

    [TestMethod]
    public void WhatIsNoTemplateIsNamed()
    {
        _folder.Write("chat_template.json", """{"chat_template":7}""");
        Assert.AreEqual(
            "chat_template",
            Assert.ThrowsExactly<CheckpointException>(() => ChatTemplateFile.TryRead(_folder.Path)).SettingName
        );
    }

    [TestMethod]
    public void EveryFolderOfTheGoldenDataHasItsSettingsFound()
    {
        foreach (
            string folder in Directory
                .GetDirectories(TestData.Require("golden2"))
                .Select(family => Path.Combine(family, "checkpoint"))
                .Where(Directory.Exists)
        )
        {
            CheckpointContents.Require(folder);
            Assert.IsTrue(CheckpointSettings.ImageProcessor(folder).TryNumbers("image_mean", 3)!.All(mean => mean is > 0 and < 1), folder);
            if (File.Exists(Path.Combine(folder, ChatTemplateFile.FileName)))
            {
                Assert.AreEqual(
                    File.ReadAllText(Path.Combine(folder, ChatTemplateFile.FileName)),
                    ChatTemplateFile.TryRead(folder)!.Text,
                    folder
                );
            }
        }
    }
}
