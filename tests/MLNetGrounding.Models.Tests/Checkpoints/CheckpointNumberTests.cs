using System.Text;
using System.Text.Json.Nodes;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Settings that no model can have, and bytes that are no text: an error that names file and setting, in little memory.</summary>
[TestClass]
public sealed class CheckpointNumberTests : IDisposable
{
    private const long LittleMemory = 64L << 20;

    private readonly TemporaryFolder _folder = new();

    private static string TinyA => GoldenData.TinyA.Checkpoint;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("text_config", "num_hidden_layers", "500000000")]
    [DataRow("text_config", "num_hidden_layers", "1000")]
    [DataRow("text_config", "num_hidden_layers", "1")]
    [DataRow("vision_config", "num_hidden_layers", "500000000")]
    [DataRow("vision_config", "num_hidden_layers", "1000")]
    [DataRow("text_config", "num_attention_heads", "500000000")]
    [DataRow("text_config", "hidden_size", "2147483647")]
    [DataRow("text_config", "vocab_size", "2147483647")]
    [DataRow("vision_config", "image_size", "2147483647")]
    [DataRow("text_config", "rope_theta", "0")]
    [DataRow("text_config", "rope_theta", "-1")]
    [DataRow("text_config", "rope_theta", "1e400")]
    [DataRow("text_config", "rms_norm_eps", "-1e-5")]
    [DataRow("text_config", "rms_norm_eps", "0")]
    [DataRow("vision_config", "layer_norm_eps", "-1e-5")]
    public void NumbersThatCannotBeAreNamed(string section, string key, string value)
    {
        string copy = Copy();
        string path = Path.Combine(copy, "config.json");
        Replace(path, section, key, value);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(copy).Dispose());
        Assert.IsLessThan(LittleMemory, GC.GetTotalAllocatedBytes(precise: true) - before);
        Assert.AreEqual(path, exception.FilePath);
        Assert.AreEqual($"{section}.{key}", exception.SettingName);
    }

    [TestMethod]
    [DataRow("image_mean", "[0.5, 0.5, 1e39]", "image_mean[2]")]
    [DataRow("image_mean", "[0.5, 0.5, 1e400]", "image_mean[2]")]
    [DataRow("image_std", "[0, 0.5, 0.5]", "image_std[0]")]
    [DataRow("image_std", "[0.5, -0.5, 0.5]", "image_std[1]")]
    [DataRow("rescale_factor", "-1", "rescale_factor")]
    public void PixelStatisticsMustBeFinite(string key, string value, string name)
    {
        string copy = Copy();
        string path = Path.Combine(copy, "preprocessor_config.json");
        Replace(path, null, key, value);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(copy).Dispose());
        Assert.AreEqual(path, exception.FilePath);
        Assert.AreEqual(name, exception.SettingName);
    }

    [TestMethod]
    public void ATokenizerOfAnotherModelIsNamed()
    {
        string copy = Copy();
        string path = Path.Combine(copy, TokenizerFileNames.SentencePiece);
        File.Copy(TestData.Require("tokenizers/llava-1.5-7b-hf/tokenizer.model"), path);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(copy).Dispose());
        Assert.AreEqual(path, exception.FilePath);
        StringAssert.Contains(exception.Message, "knows 32000 tokens", StringComparison.Ordinal);
    }

    [TestMethod]
    public void AQuestionThatIsListedTwiceIsNamed()
    {
        string copy = Copy();
        string path = Path.Combine(copy, GroundingProfileFile.FileName);
        File.WriteAllText(path, """{"questions":{"beak":"Where is the {word}?","beak":"Where?"}}""");
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(copy).Dispose());
        Assert.AreEqual(path, exception.FilePath);
        Assert.AreEqual("questions.beak", exception.SettingName);
    }

    [TestMethod]
    [DataRow("config.json")]
    [DataRow("preprocessor_config.json")]
    [DataRow("grounding.json")]
    [DataRow("model.safetensors.index.json")]
    public void BytesThatAreNoTextAnywhereInAFileAreErrorsOfThatFile(string file)
    {
        string copy = new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"), shards: 2);
        GroundingProfileFile.Write(
            copy,
            new GroundingProfile { Questions = new Dictionary<string, string> { ["beak"] = "Where is the {word}?" } }
        );
        string path = Path.Combine(copy, file);
        byte[] good = File.ReadAllBytes(path);
        int refused = 0;
        for (int at = 0; at < good.Length; at += Math.Max(1, good.Length / 400))
        {
            if (at > 0 && good[at - 1] == '\\')
            {
                // A backslash before it would make the escape a text.
                continue;
            }

            foreach (
                byte[] bad in (byte[][])
                    [
                        [.. good[..at], 0xFF, .. good[(at + 1)..]],
                        [.. good[..at], .. Encoding.ASCII.GetBytes("\\ud800"), .. good[at..]],
                    ]
            )
            {
                // All that is read of the folder but its weights.
                File.WriteAllBytes(path, bad);
                CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => Read(copy), $"{file} at {at}");
                Assert.AreEqual(path, exception.FilePath);
                refused++;
            }
        }

        Assert.IsGreaterThan(400, refused);
    }

    private static void Read(string directory)
    {
        CheckpointContents.Require(directory);
        var configuration = LlavaShape.Read(directory);
        GroundingProfileFile.ReadOrDefault(directory);
        SquareImageSettings.Read(directory, configuration.ImageSize);
    }

    private static void Replace(string path, string? section, string key, string value)
    {
        // As text: some of these numbers are beyond what a JSON library writes.
        JsonNode root = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        (section is null ? root : root[section]!)[key] = "THE VALUE";
        File.WriteAllText(path, root.ToJsonString().Replace("\"THE VALUE\"", value, StringComparison.Ordinal));
    }

    private string Copy() => new CheckpointCopy(TinyA).Write(Path.Combine(_folder.Path, "c"));
}
