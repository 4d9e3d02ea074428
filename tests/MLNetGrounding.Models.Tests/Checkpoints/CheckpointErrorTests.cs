using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Whatever is wrong with a checkpoint ends in one typed error that names the file and the tensor.</summary>
[TestClass]
public sealed class CheckpointErrorTests
{
    private const string Norm = "language_model.model.norm.weight";

    private static readonly string TinyA = GoldenData.TinyA.Checkpoint;

    [TestMethod]
    public void MissingFolder() => Fails(folder => Path.Combine(folder, "nowhere"), "does not exist");

    [TestMethod]
    public void MissingTensor() => Fails(folder => new CheckpointCopy(TinyA).Remove(Norm).Write(folder + "/c"), "missing", Norm);

    [TestMethod]
    public void TensorsAreNamedAsTheFileSpellsThem() =>
        Fails(
            folder =>
                new CheckpointCopy(TinyA)
                    .Change((name, values) => name == Norm ? values.narrow(0, 0, 10) : values)
                    .Write(folder + "/c", newNames: true),
            "[10]",
            "model.language_model.norm.weight"
        );

    [TestMethod]
    [DataRow("config.json")]
    [DataRow("preprocessor_config.json")]
    [DataRow("grounding.json")]
    [DataRow("model.safetensors")]
    public void AFileThatCannotBeRead(string name)
    {
        using TemporaryFolder folder = new();
        string copy = new CheckpointCopy(TinyA).Write(folder.Path + "/c");
        GroundingProfileFile.Write(copy, new GroundingProfile());
        string path = Path.Combine(copy, name);
        using FileStream held = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(copy).Dispose());
        Assert.AreEqual(path, exception.FilePath);
        StringAssert.Contains(exception.Message, "cannot be read", StringComparison.Ordinal);
    }

    [TestMethod]
    public void SmallFilesAreReadBeforeTheWeights() =>
        Fails(
            folder =>
            {
                string copy = new CheckpointCopy(TinyA).Write(folder + "/c");
                File.Delete(Path.Combine(copy, CheckpointSettings.ImageProcessorFileName));
                File.WriteAllBytes(Path.Combine(copy, CheckpointFolder.SingleFileName), [1, 2, 3]);
                return copy;
            },
            CheckpointSettings.ImageProcessorFileName
        );

    [TestMethod]
    public void WrongShape() =>
        Fails(
            folder =>
                new CheckpointCopy(TinyA).Change((name, values) => name == Norm ? values.narrow(0, 0, 10) : values).Write(folder + "/c"),
            "[10]",
            Norm
        );

    [TestMethod]
    public void UnexpectedTensor() =>
        Fails(
            folder => new CheckpointCopy(TinyA).Add("language_model.model.layers.0.self_attn.q_proj.bias", 64).Write(folder + "/c"),
            "not part of",
            "language_model.model.layers.0.self_attn.q_proj.bias"
        );

    [TestMethod]
    [DataRow("text_config", "rope_scaling", """{"type":"linear","factor":2.0}""")]
    [DataRow("text_config", "hidden_act", "\"gelu\"")]
    [DataRow("text_config", "model_type", "\"phi3\"")]
    [DataRow("text_config", "partial_rotary_factor", "0.5")]
    [DataRow("text_config", "attention_bias", "true")]
    [DataRow("text_config", "num_hidden_layers", "0")]
    [DataRow("text_config", "num_key_value_heads", "3")]
    [DataRow("vision_config", "hidden_act", "\"tanh\"")]
    [DataRow("vision_config", "model_type", "\"dinov2\"")]
    [DataRow("vision_config", "image_size", "\"large\"")]
    [DataRow(null, "model_type", "\"paligemma\"")]
    [DataRow(null, "projector_hidden_act", "\"tanh\"")]
    [DataRow(null, "vision_feature_layer", "9")]
    [DataRow(null, "vision_feature_select_strategy", "\"some\"")]
    public void SettingsThatAreNotImplemented(string? section, string key, string value) =>
        Fails(
            folder =>
                new CheckpointCopy(TinyA).Write(
                    folder + "/c",
                    configure: node => (section is null ? node : node[section]!)[key] = JsonNode.Parse(value)
                ),
            key
        );

    [TestMethod]
    public void TruncatedFile() => Damaged(bytes => bytes[..^1000], "outside");

    [TestMethod]
    public void NearlyEmptyFile() => Damaged(_ => [1, 2, 3], "truncated");

    [TestMethod]
    public void HeaderLongerThanTheFile() => Damaged(bytes => [.. BitConverter.GetBytes(bytes.LongLength), .. bytes[8..]], "header");

    [TestMethod]
    public void NegativeHeaderLength() => Damaged(bytes => [.. BitConverter.GetBytes(-5L), .. bytes[8..]], "header");

    [TestMethod]
    public void HeaderThatIsNotJson() => Damaged(bytes => [.. bytes[..8], (byte)'?', .. bytes[9..]], "JSON");

    [TestMethod]
    [DataRow("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,400]}}""", "outside", "x")]
    [DataRow("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "outside", "x")]
    [DataRow("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fill", "x")]
    [DataRow("""{"x":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,8]}}""", "malformed", "x")]
    [DataRow("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "negative", "x")]
    [DataRow("""{"x":{"dtype":"F32","data_offsets":[0,8]}}""", "malformed", "x")]
    [DataRow("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "malformed", "x")]
    [DataRow("""{"x":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", "malformed", "x")]
    [DataRow("[1,2]", "not a JSON object", null)]
    public void MalformedHeaderEntries(string header, string expected, string? tensor)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "x.safetensors");
        byte[] text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[8]]);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => SafetensorsFile.Open(path));
        Assert.AreEqual(path, exception.FilePath);
        Assert.AreEqual(tensor, exception.TensorName);
        StringAssert.Contains(exception.Message, expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void UnknownElementType() => Damaged(bytes => Replace(bytes, "\"F32\"", "\"I32\""), "I32");

    [TestMethod]
    [DataRow("../model.safetensors")]
    [DataRow("/etc/passwd")]
    [DataRow("sub/model.safetensors")]
    [DataRow("model\0.safetensors")]
    [DataRow("..")]
    public void ShardOutsideTheFolder(string shard) =>
        Fails(
            folder =>
            {
                string copy = new CheckpointCopy(TinyA).Write(folder + "/c", shards: 2);
                File.WriteAllText(
                    Path.Combine(copy, CheckpointFolder.IndexFileName),
                    JsonSerializer.Serialize(new { weight_map = new Dictionary<string, string> { [Norm] = shard } })
                );
                return copy;
            },
            "plain file name"
        );

    [TestMethod]
    public void MissingShard() =>
        Fails(
            folder =>
            {
                string copy = new CheckpointCopy(TinyA).Write(folder + "/c", shards: 2);
                File.Delete(Path.Combine(copy, "model-00002-of-00002.safetensors"));
                return copy;
            },
            "missing: model-00002-of-00002.safetensors"
        );

    [TestMethod]
    public void OtherWeightFormatsAreNotRead() =>
        Fails(
            folder =>
            {
                string copy = new CheckpointCopy(TinyA).Write(folder + "/c");
                File.Move(Path.Combine(copy, CheckpointFolder.SingleFileName), Path.Combine(copy, "pytorch_model.bin"));
                return copy;
            },
            "safetensors"
        );

    [TestMethod]
    public void Float16OnTheProcessorIsRefused() =>
        Assert.ThrowsExactly<NotSupportedException>(() =>
            VisionLanguageModel.Load(TinyA, new VisionLanguageModelOptions { Precision = ModelPrecision.Float16 })
        );

    private static void Damaged(Func<byte[], byte[]> damage, string expected) =>
        Fails(
            folder =>
            {
                string copy = new CheckpointCopy(TinyA).Write(folder + "/c");
                string path = Path.Combine(copy, CheckpointFolder.SingleFileName);
                File.WriteAllBytes(path, damage(File.ReadAllBytes(path)));
                return copy;
            },
            expected
        );

    private static void Fails(Func<string, string> write, string expected, string? tensor = null)
    {
        using TemporaryFolder folder = new();
        string checkpoint = write(folder.Path);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => VisionLanguageModel.Load(checkpoint).Dispose());
        StringAssert.StartsWith(exception.FilePath, checkpoint, StringComparison.Ordinal);
        StringAssert.Contains(exception.Message, expected, StringComparison.Ordinal);
        if (tensor is not null)
        {
            Assert.AreEqual(tensor, exception.TensorName);
        }
    }

    private static byte[] Replace(byte[] bytes, string from, string to)
    {
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(from));
        Encoding.ASCII.GetBytes(to).CopyTo(bytes, at);
        return bytes;
    }
}
