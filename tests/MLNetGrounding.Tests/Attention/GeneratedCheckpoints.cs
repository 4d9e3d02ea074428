using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;
using static TorchSharp.torch;

namespace MLNetGrounding.Attention;

/// <summary>Small checkpoints of several families with random weights and a tokenizer of bytes.</summary>
internal static class GeneratedCheckpoints
{
    /// <summary>Images at their own shape: cells of 32 pixels, 4 x 4 of them where nothing else is asked for.</summary>
    public static string WriteNative(TemporaryFolder folder, bool withProcessor = true)
    {
        folder.Write(
            "config.json",
            """
            {"model_type":"qwen3_vl","image_token_id":612,"video_token_id":613,"vision_start_token_id":609,"vision_end_token_id":610,"tie_word_embeddings":true,
            "text_config":{"attention_bias":false,"head_dim":32,"hidden_act":"silu","hidden_size":96,"intermediate_size":144,"max_position_embeddings":262144,
            "model_type":"qwen3_vl_text","num_attention_heads":4,"num_hidden_layers":4,"num_key_value_heads":2,"rms_norm_eps":1e-6,
            "rope_scaling":{"mrope_interleaved":true,"mrope_section":[6,5,5],"rope_type":"default"},"rope_theta":20000,"vocab_size":632},
            "vision_config":{"deepstack_visual_indexes":[0,2],"depth":4,"hidden_act":"gelu_pytorch_tanh","hidden_size":64,"in_channels":3,"intermediate_size":96,
            "model_type":"qwen3_vl","num_heads":4,"num_position_embeddings":49,"out_hidden_size":96,"patch_size":16,"spatial_merge_size":2,"temporal_patch_size":2}}
            """
        );
        folder.Write(
            "preprocessor_config.json",
            """
            {"image_processor_type":"Qwen2VLImageProcessorFast","image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"merge_size":2,"patch_size":16,
            "size":{"longest_edge":16777216,"shortest_edge":1024},"temporal_patch_size":2}
            """
        );
        ByteTokenizerWriter.Write(
            folder.Path,
            3,
            new Dictionary<string, int>
            {
                ["<|im_start|>"] = 600,
                ["<|im_end|>"] = 601,
                ["<|vision_start|>"] = 609,
                ["<|vision_end|>"] = 610,
                ["<|image_pad|>"] = 612,
            }
        );
        RandomWeights.Write(folder.Path, ScalarType.Float32, seed: 5);
        if (!withProcessor)
        {
            File.Delete(Path.Combine(folder.Path, "preprocessor_config.json"));
        }

        return folder.Path;
    }

    /// <summary>Tiles of 84 pixels and 3 x 3 cells, with a whole view beside them where there are several.</summary>
    public static string WriteTiled(TemporaryFolder folder)
    {
        folder.Write(
            "config.json",
            """
            {"model_type":"internvl","image_token_id":5,"downsample_ratio":0.5,
             "text_config":{"model_type":"qwen2","hidden_size":16,"intermediate_size":32,"num_hidden_layers":2,"num_attention_heads":2,"vocab_size":300},
             "vision_config":{"hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":2,"image_size":[84,84],"patch_size":[14,14],"attention_bias":true}}
            """
        );
        folder.Write("preprocessor_config.json", """{"crop_to_patches":false,"size":{"height":84,"width":84}}""");
        ByteTokenizerWriter.Write(
            folder.Path,
            20,
            new Dictionary<string, int>
            {
                ["<|im_start|>"] = 1,
                ["<|im_end|>"] = 2,
                ["<img>"] = 3,
                ["</img>"] = 4,
                ["<IMG_CONTEXT>"] = 5,
            }
        );
        RandomWeights.Write(folder.Path, ScalarType.Float32, seed: 6);
        return folder.Path;
    }
}
