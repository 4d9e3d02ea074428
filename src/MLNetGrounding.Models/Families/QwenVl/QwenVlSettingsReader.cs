using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>Reads <c>config.json</c> of the families; what a setting leaves out is what Hugging Face's code takes.</summary>
internal static class QwenVlSettingsReader
{
    public const int LargestSize = 1 << 20;
    public const int MostLayers = 1024;

    private const int MostHeads = 1024;
    private const int LargestPatch = 1 << 10;
    private const int LargestMerge = 64;
    private const int MostFrames = 64;
    private const int LargestVocabulary = 1 << 24;
    private const int DefaultImageToken = 151655;
    private const double DefaultTheta = 10000;

    // Of text, of videos, and of the marks around an image, which the prompt's text holds.
    private static readonly string[] TokenIds =
    [
        "bos_token_id",
        "eos_token_id",
        "pad_token_id",
        "video_token_id",
        "vision_start_token_id",
        "vision_end_token_id",
        "vision_token_id",
    ];

    // Some files repeat the decoder's settings around their own section, which is the one that counts.
    private static readonly string[] Repeated =
    [
        "attention_bias",
        "head_dim",
        "hidden_act",
        "hidden_size",
        "intermediate_size",
        "layer_types",
        "max_position_embeddings",
        "max_window_layers",
        "num_attention_heads",
        "num_hidden_layers",
        "num_key_value_heads",
        "rms_norm_eps",
        "rope_parameters",
        "rope_scaling",
        "rope_theta",
        "sliding_window",
        "use_sliding_window",
        "vocab_size",
    ];

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="modelType">The family.</param>
    /// <param name="decoder">Its decoder.</param>
    /// <param name="canBeFlat">Whether the decoder's settings may stand at the root of the file.</param>
    /// <param name="vision">Reads the section of the vision tower.</param>
    /// <exception cref="CheckpointException">A setting is missing, wrong or not understood.</exception>
    public static QwenVlSettings Read(
        string directory,
        string modelType,
        DecoderType decoder,
        bool canBeFlat,
        Func<JsonSettings, QwenVisionSettings> vision
    )
    {
        JsonSettings root = CheckpointSettings.Configuration(directory);
        root.Require("model_type", modelType, required: true);
        CheckpointSettings.IgnoreCommon(root);
        root.Ignore(TokenIds);
        const string section = "text_config";
        bool isFlat = canBeFlat && !root.Has(section);
        JsonSettings text = isFlat ? root : root.Section(section);
        if (!isFlat)
        {
            root.Ignore(Repeated);
            text.Ignore(TokenIds);
            text.Ignore("image_token_id");
            text.Choice("model_type", [(decoder.Name, true), (modelType, true)], true);
        }

        DecoderSettings settings = DecoderSettingsReader.Read(text, root, decoder);
        JsonSettings tower = root.Section("vision_config");
        tower.Choice("model_type", [(modelType, true), (modelType + "_vision", true)], true);
        QwenVisionSettings seen = vision(tower);
        if (seen.OutputWidth != settings.Width)
        {
            throw text.Wrong(
                "hidden_size",
                $"{seen.OutputWidth}, the width that the vision tower gives, was expected, found {settings.Width}"
            );
        }

        QwenVlSettings all = new()
        {
            ModelType = modelType,
            Vision = seen,
            Text = settings,
            TextLayersSetting = isFlat ? "num_hidden_layers" : section + ".num_hidden_layers",
            ImageTokenId = root.Int("image_token_id", 0, LargestVocabulary, DefaultImageToken),
        };
        root.RefuseUnread();
        return all.ImageTokenId < settings.VocabularySize
            ? all
            : throw root.Wrong("image_token_id", $"one of the {settings.VocabularySize} tokens was expected, found {all.ImageTokenId}");
    }

    /// <summary>Reads what the towers of all families have.</summary>
    /// <param name="vision">The section of the vision tower.</param>
    /// <param name="widthKey">The key of the tower's width.</param>
    /// <param name="outputKey">The key of the decoder's width.</param>
    /// <param name="defaults">What is taken where the section leaves something out.</param>
    /// <exception cref="CheckpointException">A setting is wrong.</exception>
    public static QwenVisionSettings Vision(JsonSettings vision, string widthKey, string outputKey, QwenVisionSettings defaults)
    {
        CheckpointSettings.IgnoreCommon(vision);

        // Not read by Hugging Face's code, or of videos only.
        vision.Ignore("in_chans", "spatial_patch_size", "tokens_per_second");
        vision.Require("in_channels", 3);
        JsonSettings? rotary = vision.TrySection("rope_parameters");
        rotary?.Choice("rope_type", [("axial", true), ("default", true)], true);
        QwenVisionSettings settings = defaults with
        {
            Layers = vision.Int("depth", 1, MostLayers, defaults.Layers),
            Width = vision.Int(widthKey, 1, LargestSize, defaults.Width),
            Heads = vision.Int("num_heads", 1, MostHeads, defaults.Heads),
            OutputWidth = vision.Int(outputKey, 1, LargestSize, defaults.OutputWidth),
            PatchSize = vision.Int("patch_size", 1, LargestPatch, defaults.PatchSize),
            MergeSize = vision.Int("spatial_merge_size", 1, LargestMerge, defaults.MergeSize),
            Frames = vision.Int("temporal_patch_size", 1, MostFrames, defaults.Frames),
            Theta = rotary?.TryPositiveNumber("rope_theta") ?? DefaultTheta,
            Activation = Activations.Read(vision, "hidden_act", defaults.Activation),
        };
        return settings.Width % (4 * settings.Heads) == 0
            ? settings
            : throw vision.Wrong(
                widthKey,
                $"a multiple of four times num_heads ({settings.Heads}) was expected, since rows and columns each turn pairs of a head, found {settings.Width}"
            );
    }
}
