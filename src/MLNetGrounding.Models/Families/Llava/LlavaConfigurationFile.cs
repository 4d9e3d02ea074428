using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>Reads and writes <c>config.json</c>.</summary>
internal static class LlavaConfigurationFile
{
    public const string FileName = CheckpointSettings.ConfigurationFileName;

    // Far beyond any model, and small enough that products of two of them are numbers.
    private const int MostLayers = 1024;
    private const int MostHeads = 1024;
    private const int LargestSize = 1 << 20;
    private const int LargestVocabulary = 1 << 24;

    public static LlavaConfiguration Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        JsonSettings root = CheckpointSettings.Configuration(directory);
        root.Require("model_type", "llava", required: true);
        root.Require("projector_hidden_act", "gelu");
        root.Require("vision_feature_select_strategy", "default");
        root.Require("multimodal_projector_bias", true);

        JsonSettings text = root.Section("text_config");
        text.Require("model_type", "llama");
        text.Require("hidden_act", "silu");
        text.Require("attention_bias", false);
        text.Require("mlp_bias", false);
        text.RequireNull("rope_scaling");
        double? theta = RopeTheta(text);

        JsonSettings vision = root.Section("vision_config");
        vision.Require("model_type", "clip_vision_model");
        vision.Require("hidden_act", "quick_gelu");
        vision.Require("num_channels", 3);

        LlavaConfiguration defaults = new();
        int hidden = text.Int("hidden_size", 1, LargestSize, defaults.TextHiddenSize);
        int heads = text.Int("num_attention_heads", 1, MostHeads, defaults.TextHeads);
        LlavaConfiguration configuration = new()
        {
            TextHiddenSize = hidden,
            TextIntermediateSize = text.Int("intermediate_size", 1, LargestSize, defaults.TextIntermediateSize),
            TextLayers = text.Int("num_hidden_layers", 1, MostLayers, defaults.TextLayers),
            TextHeads = heads,
            TextKeyValueHeads = text.Int("num_key_value_heads", 1, MostHeads, heads),
            TextHeadSize = text.Int("head_dim", 1, LargestSize, Math.Max(1, hidden / heads)),
            VocabularySize = text.Int("vocab_size", 1, LargestVocabulary, root.Int("vocab_size", 1, LargestVocabulary, defaults.VocabularySize)),
            RmsNormEpsilon = text.PositiveNumber("rms_norm_eps", defaults.RmsNormEpsilon),
            RopeTheta = theta ?? defaults.RopeTheta,
            TieWordEmbeddings = text.Flag("tie_word_embeddings", root.Flag("tie_word_embeddings", false)),
            ImageTokenId = root.Int("image_token_index", 0, LargestVocabulary, root.Int("image_token_id", 0, LargestVocabulary, defaults.ImageTokenId)),
            ImageSize = vision.Int("image_size", 1, LargestSize, defaults.ImageSize),
            PatchSize = vision.Int("patch_size", 1, LargestSize, defaults.PatchSize),
            VisionHiddenSize = vision.Int("hidden_size", 1, LargestSize, defaults.VisionHiddenSize),
            VisionIntermediateSize = vision.Int("intermediate_size", 1, LargestSize, defaults.VisionIntermediateSize),
            VisionLayers = vision.Int("num_hidden_layers", 1, MostLayers, defaults.VisionLayers),
            VisionHeads = vision.Int("num_attention_heads", 1, MostHeads, defaults.VisionHeads),
            VisionLayerNormEpsilon = vision.PositiveNumber("layer_norm_eps", defaults.VisionLayerNormEpsilon),
            VisionFeatureLayer = root.Int("vision_feature_layer", -MostLayers - 1, MostLayers, defaults.VisionFeatureLayer),
        };
        Validate(configuration, path);
        return configuration;
    }

    public static void Write(string directory, LlavaConfiguration configuration, string storedType)
    {
        var root = new
        {
            architectures = new[] { "LlavaForConditionalGeneration" },
            model_type = "llava",
            image_token_index = configuration.ImageTokenId,
            image_seq_length = configuration.VisualTokens,
            projector_hidden_act = "gelu",
            text_config = new
            {
                model_type = "llama",
                hidden_size = configuration.TextHiddenSize,
                intermediate_size = configuration.TextIntermediateSize,
                num_hidden_layers = configuration.TextLayers,
                num_attention_heads = configuration.TextHeads,
                num_key_value_heads = configuration.TextKeyValueHeads,
                head_dim = configuration.TextHeadSize,
                hidden_act = "silu",
                rms_norm_eps = configuration.RmsNormEpsilon,
                rope_theta = configuration.RopeTheta,
                tie_word_embeddings = configuration.TieWordEmbeddings,
                vocab_size = configuration.VocabularySize,
                torch_dtype = storedType,
            },
            vision_config = new
            {
                model_type = "clip_vision_model",
                hidden_size = configuration.VisionHiddenSize,
                intermediate_size = configuration.VisionIntermediateSize,
                num_hidden_layers = configuration.VisionLayers,
                num_attention_heads = configuration.VisionHeads,
                hidden_act = "quick_gelu",
                layer_norm_eps = configuration.VisionLayerNormEpsilon,
                image_size = configuration.ImageSize,
                patch_size = configuration.PatchSize,
            },
            tie_word_embeddings = configuration.TieWordEmbeddings,
            torch_dtype = storedType,
            vision_feature_layer = configuration.VisionFeatureLayer,
            vision_feature_select_strategy = "default",
            vocab_size = configuration.VocabularySize,
        };
        File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(root, JsonSettings.Indented) + "\n");
    }

    /// <summary>Newer files nest the base in <c>rope_parameters</c>, beside the kind of scaling.</summary>
    private static double? RopeTheta(JsonSettings text)
    {
        if (text.TrySection("rope_parameters") is not { } parameters)
        {
            return text.TryPositiveNumber("rope_theta");
        }

        parameters.Require("rope_type", "default");
        return parameters.TryPositiveNumber("rope_theta") ?? text.TryPositiveNumber("rope_theta");
    }

    private static void Validate(LlavaConfiguration configuration, string path)
    {
        if (configuration.TextHeads % configuration.TextKeyValueHeads != 0)
        {
            throw new CheckpointException(path, $"num_attention_heads ({configuration.TextHeads}) must be a multiple of num_key_value_heads ({configuration.TextKeyValueHeads}).");
        }

        if (configuration.TextHeadSize % 2 != 0)
        {
            throw new CheckpointException(path, $"the rotary position embedding needs an even head size, found {configuration.TextHeadSize}.");
        }

        if (configuration.VisionHiddenSize % configuration.VisionHeads != 0)
        {
            throw new CheckpointException(path, $"vision_config.hidden_size ({configuration.VisionHiddenSize}) must be a multiple of vision_config.num_attention_heads ({configuration.VisionHeads}).");
        }

        if (configuration.ImageSize < configuration.PatchSize)
        {
            throw new CheckpointException(path, $"vision_config.image_size ({configuration.ImageSize}) is smaller than one patch ({configuration.PatchSize}).");
        }

        if (configuration.VisionLayersToRun < 0 || configuration.VisionLayersToRun > configuration.VisionLayers)
        {
            throw new CheckpointException(path, $"vision_feature_layer ({configuration.VisionFeatureLayer}) names no hidden state of {configuration.VisionLayers} layers.");
        }
    }
}
