using System.Text.Json.Nodes;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Testing;
using TorchSharp;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>A checkpoint folder with settings and without weights.</summary>
internal sealed class QwenFolder : IDisposable
{
    /// <summary>A flat file of the second family.</summary>
    public const string Flat = """
        {"model_type":"qwen2_5_vl","hidden_act":"silu","hidden_size":256,"intermediate_size":96,"max_position_embeddings":128000,"max_window_layers":70,
        "num_attention_heads":2,"num_hidden_layers":4,"num_key_value_heads":1,"rms_norm_eps":1e-6,"rope_scaling":{"type":"mrope","mrope_section":[16,24,24]},
        "rope_theta":500000.0,"sliding_window":32768,"use_sliding_window":false,"tie_word_embeddings":true,"vocab_size":628,"image_token_id":612,"video_token_id":613,
        "vision_start_token_id":609,"vision_end_token_id":610,"vision_token_id":611,"bos_token_id":600,"eos_token_id":602,
        "vision_config":{"depth":4,"fullatt_block_indexes":[1,3],"hidden_act":"silu","hidden_size":64,"in_chans":3,"intermediate_size":88,"num_heads":4,
        "out_hidden_size":256,"patch_size":14,"spatial_merge_size":2,"spatial_patch_size":14,"temporal_patch_size":2,"tokens_per_second":2,"window_size":112}}
        """;

    /// <summary>A file of the third family.</summary>
    public const string Third = """
        {"model_type":"qwen3_vl","image_token_id":612,"video_token_id":613,"vision_start_token_id":609,"vision_end_token_id":610,"tie_word_embeddings":true,
        "text_config":{"attention_bias":false,"head_dim":32,"hidden_act":"silu","hidden_size":96,"intermediate_size":144,"max_position_embeddings":262144,
        "model_type":"qwen3_vl_text","num_attention_heads":4,"num_hidden_layers":4,"num_key_value_heads":2,"rms_norm_eps":1e-6,
        "rope_scaling":{"mrope_interleaved":true,"mrope_section":[6,5,5],"rope_type":"default"},"rope_theta":20000,"vocab_size":632},
        "vision_config":{"deepstack_visual_indexes":[0,2],"depth":4,"hidden_act":"gelu_pytorch_tanh","hidden_size":64,"in_channels":3,"intermediate_size":96,
        "model_type":"qwen3_vl","num_heads":4,"num_position_embeddings":49,"out_hidden_size":96,"patch_size":16,"spatial_merge_size":2,"temporal_patch_size":2}}
        """;

    private const string PlainProcessor = """
        {"image_processor_type":"Qwen2VLImageProcessorFast","image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"merge_size":2,"patch_size":16,
        "size":{"longest_edge":16777216,"shortest_edge":65536},"temporal_patch_size":2}
        """;

    private readonly TemporaryFolder _folder = new();

    /// <param name="configuration">The content of <c>config.json</c>.</param>
    /// <param name="processor">That of <c>preprocessor_config.json</c>.</param>
    /// <param name="change">Changes the configuration.</param>
    public QwenFolder(string configuration, string? processor = null, Action<JsonNode>? change = null)
    {
        JsonNode node = JsonNode.Parse(configuration)!;
        change?.Invoke(node);
        File.WriteAllText(System.IO.Path.Combine(Path, CheckpointSettings.ConfigurationFileName), node.ToJsonString());
        int patch = node["vision_config"]?["patch_size"]?.GetValue<int>() ?? 14;
        File.WriteAllText(
            System.IO.Path.Combine(Path, CheckpointSettings.ImageProcessorFileName),
            processor ?? PlainProcessor.Replace("\"patch_size\":16", $"\"patch_size\":{patch}", StringComparison.Ordinal)
        );
    }

    public string Path => _folder.Path;

    public IModelArchitecture Architecture() => FamilyRegistry.Read(Path);

    public QwenImagePreprocessor Images() => (QwenImagePreprocessor)Architecture().CreateImagePreprocessor(tokenizer: null);

    /// <summary>Every tensor of the architecture with its shape.</summary>
    public string[] Tensors()
    {
        MetaTensorSource source = new(TorchSharp.torch.ScalarType.BFloat16);
        using DisposeScope scope = TorchSharp.torch.NewDisposeScope();
        Architecture().Build(source);
        return [.. source.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]")];
    }

    public void Dispose() => _folder.Dispose();
}
