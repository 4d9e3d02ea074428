using System.Text.Json;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>The architecture of the public checkpoints, built without storage.</summary>
[TestClass]
public sealed class ArchitectureTests
{
    [TestMethod]
    public void Llava7BHasExactlyTheTensorsOfItsIndex()
    {
        string folder = TestData.Require("tokenizers/llava-1.5-7b-hf");
        MetaTensorSource architecture = Build(LlavaShape.Read(folder));
        using var index = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, CheckpointFolder.IndexFileName)));
        string[] expected = [.. index.RootElement.GetProperty("weight_map").EnumerateObject().Select(tensor => tensor.Name)];
        CollectionAssert.AreEquivalent(expected, architecture.Tensors.Select(tensor => tensor.Name).ToArray());
        Assert.HasCount(686, architecture.Tensors);
        Assert.AreEqual(14_126_854_144, architecture.ByteLength);
    }

    [TestMethod]
    public void Llava13B()
    {
        MetaTensorSource architecture = Build(
            Clip() with
            {
                TextHiddenSize = 5120,
                TextIntermediateSize = 13824,
                TextLayers = 40,
                TextHeads = 40,
                TextKeyValueHeads = 40,
                VocabularySize = 32064,
            }
        );
        Assert.HasCount(758, architecture.Tensors);
        Assert.AreEqual(26_702_989_312, architecture.ByteLength);
    }

    [TestMethod]
    public void OmittedKeysTakeTheFirstLlamasDefaults()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(
            Path.Combine(folder.Path, CheckpointSettings.ConfigurationFileName),
            """{"model_type":"llava","text_config":{"model_type":"llama","vocab_size":32064,"rms_norm_eps":1e-05},"vision_config":{"hidden_size":1024,"image_size":336,"intermediate_size":4096,"num_attention_heads":16,"num_hidden_layers":24,"patch_size":14}}"""
        );
        LlavaShape expected = Clip() with { VocabularySize = 32064, RmsNormEpsilon = 1e-5 };
        Assert.AreEqual(expected, LlavaShape.Read(folder.Path));
        Assert.AreEqual(14_126_854_144, Build(expected).ByteLength);
    }

    [TestMethod]
    public void WrittenConfigurationReadsBack()
    {
        using TemporaryFolder folder = new();
        LlavaShape configuration = LlavaShape.Read(GoldenData.TinyA.Checkpoint) with
        {
            TextKeyValueHeads = 2,
            RopeTheta = 5e5,
            TieWordEmbeddings = true,
            VisionFeatureLayer = -1,
        };
        configuration.Write(folder.Path, "bfloat16");
        Assert.AreEqual(configuration, LlavaShape.Read(folder.Path));
    }

    private static LlavaShape Clip() =>
        new()
        {
            ImageSize = 336,
            PatchSize = 14,
            VisionHiddenSize = 1024,
            VisionIntermediateSize = 4096,
            VisionLayers = 24,
            VisionHeads = 16,
        };

    private static MetaTensorSource Build(LlavaShape configuration)
    {
        using DisposeScope scope = NewDisposeScope();
        MetaTensorSource source = new(ScalarType.Float16);
        _ = new LlavaNetwork(source, configuration.Settings);
        return source;
    }
}
