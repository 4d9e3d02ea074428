using System.Text.Json.Nodes;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Families.QwenVl;

[TestClass]
public sealed class QwenVlSettingsReaderTests
{
    private static readonly string[] Outside =
    [
        "image_token_id",
        "video_token_id",
        "vision_start_token_id",
        "vision_end_token_id",
        "model_type",
        "vision_config",
        "tie_word_embeddings",
    ];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void SettingsOfTheDecoderMayStandInASectionOfTheirOwn(bool repeated)
    {
        using QwenFolder flat = new(QwenFolder.Flat);
        using QwenFolder nested = new(QwenFolder.Flat, change: config => Nest(config, repeated));
        CollectionAssert.AreEqual(flat.Tensors(), nested.Tensors());
        Assert.AreEqual(flat.Architecture().Info, nested.Architecture().Info);
        Assert.AreEqual("num_hidden_layers", flat.Architecture().LayerCounts[0].Setting);
        Assert.AreEqual("text_config.num_hidden_layers", nested.Architecture().LayerCounts[0].Setting);
    }

    [TestMethod]
    public void TheModelThatAPublicationChoseALayerInSaysSo()
    {
        using QwenFolder small = new(QwenFolder.Flat, change: config => config["num_hidden_layers"] = 36);
        Assert.AreEqual(22, small.Architecture().Info.PublishedLayers.RelativeAttention);
        using QwenFolder other = new(QwenFolder.Flat, change: config => config["num_hidden_layers"] = 28);
        Assert.IsNull(other.Architecture().Info.PublishedLayers.RelativeAttention);
        using QwenFolder third = new(QwenFolder.Third, change: config => config["text_config"]!["num_hidden_layers"] = 36);
        Assert.IsNull(third.Architecture().Info.PublishedLayers.RelativeAttention);
    }

    [TestMethod]
    public void TensorsAreThoseOfTheModules()
    {
        using QwenFolder second = new(QwenFolder.Flat);
        string[] tensors = second.Tensors();
        CollectionAssert.Contains(tensors, "model.visual.patch_embed.proj.weight [64, 3, 2, 14, 14]");
        CollectionAssert.Contains(tensors, "model.visual.blocks.3.mlp.gate_proj.bias [88]");
        CollectionAssert.Contains(tensors, "model.visual.merger.ln_q.weight [64]");
        CollectionAssert.Contains(tensors, "model.language_model.layers.3.self_attn.k_proj.bias [128]");

        using QwenFolder third = new(QwenFolder.Third);
        tensors = third.Tensors();
        CollectionAssert.Contains(tensors, "model.visual.pos_embed.weight [49, 64]");
        CollectionAssert.Contains(tensors, "model.visual.deepstack_merger_list.1.norm.weight [256]");
        CollectionAssert.Contains(tensors, "model.visual.merger.norm.bias [64]");
        CollectionAssert.Contains(tensors, "model.language_model.layers.0.self_attn.q_norm.weight [32]");
        CollectionAssert.DoesNotContain(tensors, "model.language_model.layers.0.self_attn.q_proj.bias [128]");
    }

    [TestMethod]
    [DataRow("visual.blocks.0.norm1.weight", "model.visual.blocks.0.norm1.weight")]
    [DataRow("model.visual.blocks.0.norm1.weight", "model.visual.blocks.0.norm1.weight")]
    [DataRow("model.layers.1.mlp.up_proj.weight", "model.language_model.layers.1.mlp.up_proj.weight")]
    [DataRow("model.language_model.norm.weight", "model.language_model.norm.weight")]
    [DataRow("lm_head.weight", "lm_head.weight")]
    public void BothNamingsAreOne(string stored, string name) => Assert.AreEqual(name, QwenTensorNames.ToModule(stored));

    [TestMethod]
    [DataRow("qwen3_vl_moe", "model_type")]
    [DataRow("qwen3_5", "model_type")]
    public void OtherFamiliesAreRefusedByTheirType(string type, string setting)
    {
        CheckpointException exception = Refused(QwenFolder.Third, config => config["model_type"] = type);
        Assert.AreEqual(setting, exception.SettingName);
        StringAssert.Contains(exception.Message, type);
        StringAssert.Contains(exception.Message, "qwen3_vl");
    }

    [TestMethod]
    public void WhatIsNotUnderstoodIsRefusedByName()
    {
        Check("text_config.num_experts", config => config["text_config"]!["num_experts"] = 128);
        Check("text_config.model_type", config => config["text_config"]!["model_type"] = "qwen3_vl_moe_text");
        Check(
            "text_config.layer_types",
            config => config["text_config"]!["layer_types"] = new JsonArray("linear_attention", "full_attention")
        );
        Check(
            "text_config.rope_scaling.partial_rotary_factor",
            config => config["text_config"]!["rope_scaling"]!["partial_rotary_factor"] = 0.25
        );
        Check("text_config.rope_scaling.rope_type", config => config["text_config"]!["rope_scaling"]!["rope_type"] = "yarn");
        Check("text_config.attention_bias", config => config["text_config"]!["attention_bias"] = true);
        Check("vision_config.gated", config => config["vision_config"]!["gated"] = true);
        Check("vision_config.in_channels", config => config["vision_config"]!["in_channels"] = 4);
        Check("vision_config.num_position_embeddings", config => config["vision_config"]!["num_position_embeddings"] = 48);
        Check(
            "vision_config.deepstack_visual_indexes",
            config => config["vision_config"]!["deepstack_visual_indexes"] = new JsonArray(1, 1)
        );
        Check("vision_config.hidden_size", config => config["vision_config"]!["hidden_size"] = 72);
        Check("text_config.hidden_size", config => config["vision_config"]!["out_hidden_size"] = 64);
        Check("image_token_id", config => config["image_token_id"] = 632);
        Check("text_config", config => config.AsObject().Remove("text_config"));
        Check("audio_config", config => config["audio_config"] = new JsonObject());

        static void Check(string setting, Action<JsonNode> change) =>
            Assert.AreEqual(setting, Refused(QwenFolder.Third, change).SettingName);
    }

    [TestMethod]
    public void SectionsMustFillAHead()
    {
        CheckpointException exception = Refused(
            QwenFolder.Flat,
            config => config["rope_scaling"]!["mrope_section"] = new JsonArray(16, 24, 23)
        );
        Assert.AreEqual("rope_scaling.mrope_section", exception.SettingName);
        StringAssert.Contains(exception.Message, "64");
        StringAssert.Contains(exception.Message, "[16, 24, 23]");
        Assert.AreEqual(
            "rope_scaling.mrope_interleaved",
            Refused(QwenFolder.Flat, config => config["rope_scaling"]!["mrope_interleaved"] = true).SettingName
        );
    }

    [TestMethod]
    public void RotaryPositionsAreReadInEverySpelling()
    {
        double[] bases = [2e4, 1e6];
        foreach (double theta in bases)
        {
            Same(theta, text => text["rope_theta"] = theta);
            Same(theta, text => text["rope_scaling"]!["rope_theta"] = theta);
            Same(
                theta,
                text =>
                {
                    JsonNode scaling = text["rope_scaling"]!.DeepClone();
                    scaling["rope_theta"] = theta;
                    text.AsObject().Remove("rope_scaling");
                    text.AsObject().Remove("rope_theta");
                    text["rope_parameters"] = scaling;
                }
            );
        }

        static void Same(double theta, Action<JsonNode> change)
        {
            using QwenFolder folder = new(QwenFolder.Third, change: config => change(config["text_config"]!));
            var network = (QwenVlNetwork)folder.Architecture().Build(new MetaTensorSource(TorchSharp.torch.ScalarType.Float32));
            Assert.AreEqual(theta, network.TextSettings.Rotary.Theta);
            Assert.HasCount(16, network.TextSettings.Rotary.AxisOfPair!);
            Assert.AreEqual(3, network.Decoder.PositionAxes);
        }
    }

    [TestMethod]
    public void FullLayersThatATowerDoesNotHaveAreNoError()
    {
        using QwenFolder folder = new(
            QwenFolder.Flat,
            change: config => config["vision_config"]!["fullatt_block_indexes"] = new JsonArray(3, 7, 31)
        );
        var network = (QwenVlNetwork)folder.Architecture().Build(new MetaTensorSource(TorchSharp.torch.ScalarType.Float32));
        CollectionAssert.AreEquivalent(new[] { 3 }, network.Settings.FullLayers.Where(layer => layer < network.Settings.Layers).ToArray());
    }

    [TestMethod]
    [DataRow("""{"patch_size":16,"size":{"max_pixels":65536,"min_pixels":1024}}""")]
    [DataRow("""{"patch_size":16,"size":{"longest_edge":65536,"shortest_edge":1024}}""")]
    [DataRow("""{"patch_size":16,"min_pixels":1024,"max_pixels":65536,"size":{"max_pixels":1048576,"min_pixels":65536}}""")]
    public void LimitsOfPixelsAreReadInEverySpelling(string processor)
    {
        using QwenFolder folder = new(QwenFolder.Third, processor);
        var network = (QwenVlNetwork)folder.Architecture().Build(new MetaTensorSource(TorchSharp.torch.ScalarType.Float32));
        var images = QwenImageSettings.Read(folder.Path, network.Settings);
        Assert.AreEqual((1024, 65536), (images.FewestPixels, images.MostPixels));
    }

    private static CheckpointException Refused(string configuration, Action<JsonNode> change)
    {
        using QwenFolder folder = new(configuration, change: change);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(folder.Architecture);
        Assert.DoesNotContain('\n', exception.Message);
        return exception;
    }

    private static void Nest(JsonNode config, bool repeated)
    {
        JsonObject text = new() { ["model_type"] = "qwen2_5_vl_text" };
        foreach ((string key, JsonNode? value) in config.AsObject().Where(pair => !Outside.Contains(pair.Key)).ToArray())
        {
            text[key] = value?.DeepClone();
            if (!repeated)
            {
                config.AsObject().Remove(key);
            }
        }

        config["text_config"] = text;
    }
}
