using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Decoders;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>Reads <c>config.json</c> of the family; what a setting leaves out is what Hugging Face's code takes.</summary>
internal static class InternVlSettingsReader
{
    public const string ModelType = "internvl";

    private const int MostLayers = 1024;
    private const int MostHeads = 1024;
    private const int LargestSize = 1 << 20;
    private const int LargestImage = 1 << 14;
    private const int LargestVocabulary = 1 << 24;
    private const int DefaultImageToken = 151667;

    private static readonly DecoderType[] DecoderTypes = [KnownDecoders.Qwen2, KnownDecoders.Qwen3];

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <exception cref="CheckpointException">A setting is missing, wrong or not understood.</exception>
    public static InternVlSettings Read(string directory)
    {
        JsonSettings root = CheckpointSettings.Configuration(directory);
        root.Require("model_type", ModelType, required: true);
        CheckpointSettings.IgnoreCommon(root);
        root.Ignore("image_seq_length", "pad_token_id", "bos_token_id", "eos_token_id", "vocab_size");
        root.Require("vision_feature_select_strategy", "default");
        VisionTransformerSettings vision = Vision(root.Section("vision_config"));
        int layer = root.Int("vision_feature_layer", -vision.Layers - 1, vision.Layers, -1);
        InternVlSettings settings = new()
        {
            Vision = vision,

            // Files leave the flag out or state it wrong; whether an output layer is stored decides.
            Text = DecoderSettingsReader.Read(root.Section("text_config"), root, DecoderTypes, KnownDecoders.Qwen2) with
            {
                TieWordEmbeddings = null,
            },
            FeatureState = layer < 0 ? vision.Layers + 1 + layer : layer,
            Factor = Factor(root, vision.Side),
            ProjectorActivation = Activations.Read(root, "projector_hidden_act", Activation.Gelu),
            ImageTokenId = root.Int("image_token_id", 0, LargestVocabulary, DefaultImageToken),
        };
        root.RefuseUnread();
        return settings;
    }

    private static VisionTransformerSettings Vision(JsonSettings vision)
    {
        vision.Require("model_type", "internvl_vision");
        CheckpointSettings.IgnoreCommon(vision);

        // Start values of training, and what only training uses.
        vision.Ignore("layer_scale_init_value", "projection_dropout", "use_mask_token", "drop_path_rate");
        vision.Require("num_channels", 3);
        vision.Require("use_absolute_position_embeddings", true);
        VisionTransformerSettings settings = new()
        {
            HasClassToken = true,
            HasPatchBias = true,
            HasLayerScales = true,
            Width = vision.Int("hidden_size", 1, LargestSize, 1024),
            InnerWidth = vision.Int("intermediate_size", 1, LargestSize, 4096),
            Layers = vision.Int("num_hidden_layers", 1, MostLayers, 24),
            Heads = vision.Int("num_attention_heads", 1, MostHeads, 16),
            ImageSize = Side(vision, "image_size", 448),
            PatchSize = Side(vision, "patch_size", 14),
            NormEpsilon = vision.PositiveNumber("layer_norm_eps", 1e-6),
            Activation = Activations.Read(vision, "hidden_act", Activation.Gelu),
            HasQueryKeyValueBias = vision.Flag("attention_bias", false),
            NormsQueryKey = vision.Flag("use_qk_norm", false),
            UsesRootMeanSquare = vision.Choice("norm_type", [("layer_norm", false), ("rms_norm", true)], false),
            HasLastNorm = !vision.Flag("use_mean_pooling", true),
            Names = InternVlTensorNames.InTower,
        };
        if (settings.Width % settings.Heads != 0)
        {
            throw vision.Wrong("hidden_size", $"a multiple of num_attention_heads ({settings.Heads}) was expected, found {settings.Width}");
        }

        return settings.ImageSize % settings.PatchSize == 0
            ? settings
            : throw vision.Wrong("image_size", $"a multiple of patch_size ({settings.PatchSize}) was expected, found {settings.ImageSize}");
    }

    /// <summary>A number, or twice the same.</summary>
    private static int Side(JsonSettings vision, string key, int otherwise)
    {
        IReadOnlyList<int> sides = vision.TryIntOrInts(key, 1, LargestImage) ?? [otherwise];
        return sides.Count is 1 or 2 && sides[0] == sides[^1]
            ? sides[0]
            : throw vision.Wrong(key, $"a number or twice the same was expected, found {string.Join(" x ", sides)}");
    }

    private static int Factor(JsonSettings root, int side)
    {
        const string key = "downsample_ratio";
        double ratio = root.PositiveNumber(key, 0.5);
        int factor = (int)Math.Round(Math.Clamp(1 / ratio, 1, side));
        return side % factor == 0 && Math.Abs((ratio * factor) - 1) < 1e-9
            ? factor
            : throw root.Wrong(key, $"one divided by a divisor of {side}, the patches along a side, was expected, found {ratio}");
    }
}
