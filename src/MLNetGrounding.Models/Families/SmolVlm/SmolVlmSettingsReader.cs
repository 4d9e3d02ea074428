using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Decoders;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>Reads <c>config.json</c> of the family; what a setting leaves out is what Hugging Face's code takes.</summary>
internal static class SmolVlmSettingsReader
{
    private const int MostLayers = 1024;
    private const int MostHeads = 1024;
    private const int LargestSize = 1 << 20;
    private const int LargestImage = 1 << 14;
    private const int LargestVocabulary = 1 << 24;
    private const int LargestFactor = 64;
    private const int DefaultImageToken = 128257;

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="modelType">The value of <c>model_type</c>.</param>
    /// <exception cref="CheckpointException">A setting is missing, wrong or not understood.</exception>
    public static SmolVlmSettings Read(string directory, string modelType)
    {
        JsonSettings root = CheckpointSettings.Configuration(directory);
        root.Require("model_type", modelType, required: true);
        CheckpointSettings.IgnoreCommon(root);

        // Ids that decide over answers only, and leftovers outside the vocabulary.
        root.Ignore("pad_token_id", "_pad_token_id", "bos_token_id", "eos_token_id", "vocab_size", "image_seq_len", "image_seq_length");
        VisionTransformerSettings vision = Vision(root.Section("vision_config"));
        JsonSettings text = root.Section("text_config");
        text.Ignore("is_llama_config", "pixel_shuffle_factor", "perceiver_config");
        text.Require("qk_layer_norms", false);
        text.Require("use_resampler", false);
        SmolVlmSettings settings = new()
        {
            ModelType = modelType,
            Vision = vision,

            // A missing output layer is shared, whatever the flags say.
            Text = DecoderSettingsReader.Read(text, root, [KnownDecoders.Llama], KnownDecoders.Llama) with
            {
                TieWordEmbeddings = null,
            },
            Factor = root.Int("scale_factor", 1, LargestFactor, 2),
            ImageTokenId = root.Int("image_token_id", 0, LargestVocabulary, DefaultImageToken),
        };
        if (vision.Side % settings.Factor != 0)
        {
            throw root.Wrong(
                "scale_factor",
                $"a divisor of {vision.Side}, the patches along a side, was expected, found {settings.Factor}"
            );
        }

        root.RefuseUnread();
        return settings;
    }

    private static VisionTransformerSettings Vision(JsonSettings vision)
    {
        CheckpointSettings.IgnoreCommon(vision);

        // Its type is written in several ways, and its sizes of images are unused: those of the image processor count.
        vision.Ignore("model_type", "size", "max_image_size", "use_base_siglip", "tie_word_embeddings");
        vision.Require("num_channels", 3);
        int size = vision.Int("image_size", 1, LargestImage, 224);
        int patch = vision.Int("patch_size", 1, LargestImage, 32);
        if (size < patch)
        {
            throw vision.Wrong("image_size", $"at least one patch of {patch} pixels was expected, found {size}");
        }

        VisionTransformerSettings settings = new()
        {
            HasClassToken = false,
            HasPatchBias = true,
            HasLastNorm = true,
            Width = vision.Int("hidden_size", 1, LargestSize, 1152),
            InnerWidth = vision.Int("intermediate_size", 1, LargestSize, 3072),
            Layers = vision.Int("num_hidden_layers", 1, MostLayers, 12),
            Heads = vision.Int("num_attention_heads", 1, MostHeads, 16),
            ImageSize = size,
            PatchSize = patch,
            NormEpsilon = vision.PositiveNumber("layer_norm_eps", 1e-6),
            Activation = Activations.Read(vision, "hidden_act", Activation.TanhGelu),
            PatchPositions = FractionalPositions.OfSquare(size / patch),
        };
        return settings.Width % settings.Heads == 0
            ? settings
            : throw vision.Wrong(
                "hidden_size",
                $"a multiple of num_attention_heads ({settings.Heads}) was expected, found {settings.Width}"
            );
    }
}
