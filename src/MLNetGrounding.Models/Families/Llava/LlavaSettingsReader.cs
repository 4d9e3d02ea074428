using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Decoders;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>Reads <c>config.json</c> of the family; what a setting leaves out is what Hugging Face's code takes.</summary>
internal static class LlavaSettingsReader
{
    public const string ModelType = "llava";

    private const string Clip = "clip_vision_model";
    private const string Siglip = "siglip_vision_model";
    private const int MostLayers = 1024;
    private const int MostHeads = 1024;
    private const int LargestSize = 1 << 20;
    private const int LargestImage = 1 << 14;
    private const int LargestVocabulary = 1 << 24;
    private const int DefaultImageToken = 32000;
    private const int DefaultFeatureLayer = -2;
    private const string StrategyKey = "vision_feature_select_strategy";

    private static readonly DecoderType[] DecoderTypes = [KnownDecoders.Llama, KnownDecoders.Mistral, KnownDecoders.Qwen2];

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <exception cref="CheckpointException">A setting is missing, wrong or not understood.</exception>
    public static LlavaSettings Read(string directory)
    {
        JsonSettings root = CheckpointSettings.Configuration(directory);
        root.Require("model_type", ModelType, required: true);
        LlavaSettings settings = Read(
            root,
            new LlavaDefaults(KnownDecoders.Llama, DefaultImageToken, DefaultFeatureLayer, DropsFirst: true)
        );
        root.RefuseUnread();
        return settings;
    }

    /// <summary>Reads the settings that the family's relatives state in the same words.</summary>
    /// <param name="root">The settings; the caller asks for those of its own and refuses what is left unread.</param>
    /// <param name="defaults">What the relative leaves out.</param>
    /// <exception cref="CheckpointException">A setting is missing, wrong or not understood.</exception>
    public static LlavaSettings Read(JsonSettings root, LlavaDefaults defaults)
    {
        CheckpointSettings.IgnoreCommon(root);

        // Counted from the grid, and ids that decide over answers only.
        root.Ignore(
            "image_seq_length",
            "ignore_index",
            "pad_token_id",
            "bos_token_id",
            "eos_token_id",
            "tie_word_embeddings",
            "vocab_size",
            "image_token"
        );
        VisionTransformerSettings vision = Vision(root.Section("vision_config"));
        return new LlavaSettings
        {
            Vision = vision,
            Text = DecoderSettingsReader.Read(root.Section("text_config"), root, DecoderTypes, defaults.Decoder),
            FeatureStates = FeatureStates(root, vision.Layers, defaults.FeatureLayer),
            DropsFirst = root.Choice(StrategyKey, [("default", true), ("full", false)], defaults.DropsFirst),
            ProjectorActivation = Activations.Read(root, "projector_hidden_act", Activation.Gelu),
            ProjectorBias = root.Flag("multimodal_projector_bias", true),
            ImageTokenId = root.Int(
                "image_token_index",
                0,
                LargestVocabulary,
                root.Int("image_token_id", 0, LargestVocabulary, defaults.ImageToken)
            ),
        };
    }

    /// <summary>Refuses settings whose tower does not give one feature a patch.</summary>
    public static void RequirePatches(JsonSettings root, LlavaSettings settings)
    {
        if (settings.DropsFirst != settings.Vision.HasClassToken)
        {
            throw root.Wrong(
                StrategyKey,
                $"'{(settings.Vision.HasClassToken ? "default" : "full")}' was expected, which leaves one feature a patch of the tower, found '{(settings.DropsFirst ? "default" : "full")}'"
            );
        }
    }

    private static VisionTransformerSettings Vision(JsonSettings vision)
    {
        bool isClip = vision.Choice("model_type", [(Clip, true), (Siglip, false)], true);
        CheckpointSettings.IgnoreCommon(vision);
        vision.Ignore("projection_dim", "vision_use_head", "bos_token_id", "eos_token_id", "pad_token_id", "vocab_size");
        vision.Require("num_channels", 3);
        VisionTransformerSettings settings = new()
        {
            HasClassToken = isClip,
            HasPatchBias = !isClip,
            HasFirstNorm = isClip,
            Width = vision.Int("hidden_size", 1, LargestSize, 768),
            InnerWidth = vision.Int("intermediate_size", 1, LargestSize, 3072),
            Layers = vision.Int("num_hidden_layers", 1, MostLayers, 12),
            Heads = vision.Int("num_attention_heads", 1, MostHeads, 12),
            ImageSize = vision.Int("image_size", 1, LargestImage, 224),
            PatchSize = vision.Int("patch_size", 1, LargestImage, isClip ? 32 : 16),
            NormEpsilon = vision.PositiveNumber("layer_norm_eps", isClip ? 1e-5 : 1e-6),
            Activation = Activations.Read(vision, "hidden_act", isClip ? Activation.QuickGelu : Activation.TanhGelu),
        };
        if (settings.Width % settings.Heads != 0)
        {
            throw vision.Wrong("hidden_size", $"a multiple of num_attention_heads ({settings.Heads}) was expected, found {settings.Width}");
        }

        return settings.ImageSize >= settings.PatchSize
            ? settings
            : throw vision.Wrong(
                "image_size",
                $"at least one patch of {settings.PatchSize} pixels was expected, found {settings.ImageSize}"
            );
    }

    /// <summary>A number or a list of them; negative ones count from the last layer's output.</summary>
    private static int[] FeatureStates(JsonSettings root, int layers, int otherwise)
    {
        const string key = "vision_feature_layer";
        int[] states =
        [
            .. (root.TryIntOrInts(key, -MostLayers - 1, MostLayers) ?? [otherwise]).Select(layer => layer < 0 ? layers + 1 + layer : layer),
        ];
        return states.Length > 0 && Array.TrueForAll(states, state => state >= 0 && state <= layers)
            ? states
            : throw root.Wrong(
                key,
                $"layers from {-layers - 1} to {layers} were expected, found {root.TryGet(key)?.GetRawText() ?? "none"}"
            );
    }
}
