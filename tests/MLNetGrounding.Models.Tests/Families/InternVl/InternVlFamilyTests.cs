using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Families.InternVl;

[TestClass]
public sealed class InternVlFamilyTests
{
    [TestMethod]
    [DataRow("OpenGVLab/InternVL3-1B", "OpenGVLab/InternVL3-1B-hf")]
    [DataRow("InternVL3_5-2B", "OpenGVLab/InternVL3_5-2B-HF")]
    [DataRow("", "OpenGVLab/InternVL3-1B-hf for InternVL3-1B")]
    public void TheOriginalLayoutIsRefusedWithTheNameOfItsTwin(string name, string twin)
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", $$"""{"model_type":"internvl_chat","_name_or_path":"{{name}}"}""");
        CheckpointException refused = Assert.ThrowsExactly<CheckpointException>(() => FamilyRegistry.Read(folder.Path));
        StringAssert.Contains(refused.Message, twin, StringComparison.Ordinal);
        StringAssert.Contains(refused.Message, "internvl_chat", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("", "", ",\"model_type\":\"llama\"", "text_config.model_type")]
    [DataRow(",\"model_type\":\"intern_vit_6b\"", "", "", "vision_config.model_type")]
    [DataRow(",\"tilt\":3", "", "", "vision_config.tilt")]
    [DataRow("", ",\"downsample_ratio\":0.4", "", "downsample_ratio")]
    [DataRow("", ",\"vision_feature_select_strategy\":\"full\"", "", "vision_feature_select_strategy")]
    [DataRow(",\"image_size\":[84,56]", "", "", "vision_config.image_size")]
    public void WhatIsNotUnderstoodIsRefusedByName(string vision, string root, string text, string setting)
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteInternVl(folder);
        string path = Path.Combine(folder.Path, "config.json");
        string json = File.ReadAllText(path);

        // A key that is there already gets the other value.
        json = Replace(json, "text_config", text);
        json = Replace(json, "vision_config", vision);
        json = Replace(json, null, root);
        File.WriteAllText(path, json);
        CheckpointException refused = Assert.ThrowsExactly<CheckpointException>(() => FamilyRegistry.Read(folder.Path));
        Assert.AreEqual(setting, refused.SettingName);
    }

    [TestMethod]
    public void ImagesOfAnotherSizeThanTheTowersAreRefused()
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteInternVl(folder);
        folder.Write("preprocessor_config.json", """{"size":{"height":84,"width":56}}""");
        Assert.AreEqual("size.width", Assert.ThrowsExactly<CheckpointException>(() => FamilyRegistry.Read(folder.Path)).SettingName);
    }

    [TestMethod]
    public void TheNormAfterTheLastLayerIsALayerNormWhateverTheOthersAre()
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteInternVl(folder, ",\"norm_type\":\"rms_norm\",\"use_mean_pooling\":false");
        MetaTensorSource source = new(TorchSharp.torch.ScalarType.Float32);
        FamilyRegistry.Read(folder.Path).Build(source);
        string[] names = [.. source.Tensors.Select(tensor => tensor.Name)];
        CollectionAssert.Contains(names, "vision_tower.layernorm.bias");
        CollectionAssert.DoesNotContain(names, "vision_tower.encoder.layer.0.layernorm_before.bias");
    }

    [TestMethod]
    [DataRow(",\"use_sliding_window\":true,\"sliding_window\":64", 32768)]
    [DataRow(",\"use_sliding_window\":true,\"sliding_window\":64,\"max_window_layers\":1", 64)]
    [DataRow(",\"use_sliding_window\":true,\"sliding_window\":64,\"max_window_layers\":2", 32768)]
    [DataRow(",\"use_sliding_window\":true,\"sliding_window\":64,\"layer_types\":[\"full_attention\",\"sliding_attention\"]", 64)]
    [DataRow(
        ",\"use_sliding_window\":true,\"sliding_window\":64,\"max_window_layers\":0,\"layer_types\":[\"full_attention\",\"full_attention\"]",
        32768
    )]
    [DataRow(",\"use_sliding_window\":false,\"sliding_window\":64,\"max_window_layers\":0", 32768)]
    public void AWindowCountsWhereALayerSlides(string text, int longest)
    {
        using TemporaryFolder folder = new();
        TiledFolders.WriteInternVl(folder, text: text);
        Assert.AreEqual(longest, FamilyRegistry.Read(folder.Path).Info.LongestPrompt);
    }

    private static string Replace(string json, string? section, string pair)
    {
        if (pair.Length == 0)
        {
            return json;
        }

        System.Text.Json.Nodes.JsonObject root = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        System.Text.Json.Nodes.JsonObject target = section is null ? root : root[section]!.AsObject();
        foreach (
            (string key, System.Text.Json.Nodes.JsonNode? value) in System.Text.Json.Nodes.JsonNode.Parse("{" + pair[1..] + "}")!.AsObject()
        )
        {
            target[key] = value!.DeepClone();
        }

        return root.ToJsonString();
    }
}
