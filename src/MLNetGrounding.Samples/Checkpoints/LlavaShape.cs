using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>
/// The sizes of a checkpoint of LLaVA 1.5's kind, CLIP and Llama, that is made here; the defaults are those that Hugging Face's code takes.
/// </summary>
internal sealed record LlavaShape
{
    private const int LongestPrompt = 4096;
    private const double GrayLevels = 255;

    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSettings.Indented)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public int TextHiddenSize { get; init; } = 4096;

    public int TextIntermediateSize { get; init; } = 11008;

    public int TextLayers { get; init; } = 32;

    public int TextHeads { get; init; } = 32;

    public int TextKeyValueHeads { get; init; } = 32;

    public int TextHeadSize { get; init; } = 128;

    public int VocabularySize { get; init; } = 32000;

    public double RmsNormEpsilon { get; init; } = 1e-6;

    public double RopeTheta { get; init; } = 10000;

    public bool TieWordEmbeddings { get; init; }

    public int ImageTokenId { get; init; } = 32000;

    /// <summary>The token that ends an answer, if any.</summary>
    public int? EndTokenId { get; init; }

    public int ImageSize { get; init; } = 224;

    public int PatchSize { get; init; } = 32;

    public int VisionHiddenSize { get; init; } = 768;

    public int VisionIntermediateSize { get; init; } = 3072;

    public int VisionLayers { get; init; } = 12;

    public int VisionHeads { get; init; } = 12;

    public double VisionLayerNormEpsilon { get; init; } = 1e-5;

    public int VisionFeatureLayer { get; init; } = -2;

    /// <summary>Number of cells along a side.</summary>
    public int Grid => ImageSize / PatchSize;

    /// <summary>Number of visual tokens.</summary>
    public int VisualTokens => Grid * Grid;

    /// <summary>How many layers of the tower have to run.</summary>
    public int VisionLayersToRun => VisionFeatureLayer < 0 ? VisionLayers + 1 + VisionFeatureLayer : VisionFeatureLayer;

    /// <summary>The same as the model library reads it.</summary>
    public LlavaSettings Settings =>
        new()
        {
            Vision = new VisionTransformerSettings
            {
                Width = VisionHiddenSize,
                InnerWidth = VisionIntermediateSize,
                Layers = VisionLayers,
                Heads = VisionHeads,
                ImageSize = ImageSize,
                PatchSize = PatchSize,
                NormEpsilon = VisionLayerNormEpsilon,
                Activation = Activation.QuickGelu,
                HasClassToken = true,
                HasFirstNorm = true,
            },
            Text = new DecoderSettings
            {
                Type = "llama",
                Width = TextHiddenSize,
                InnerWidth = TextIntermediateSize,
                Layers = TextLayers,
                Heads = TextHeads,
                KeyValueHeads = TextKeyValueHeads,
                HeadSize = TextHeadSize,
                VocabularySize = VocabularySize,
                NormEpsilon = RmsNormEpsilon,
                Rotary = new RotarySettings { Theta = RopeTheta },
                LongestPrompt = LongestPrompt,
                TieWordEmbeddings = TieWordEmbeddings,
            },
            FeatureStates = [VisionLayersToRun],
            DropsFirst = true,
            ProjectorActivation = Activation.Gelu,
            ProjectorBias = true,
            ImageTokenId = ImageTokenId,
        };

    /// <summary>The sizes of a checkpoint folder of this kind.</summary>
    public static LlavaShape Read(string directory)
    {
        LlavaSettings settings = LlavaSettingsReader.Read(directory);
        return new LlavaShape
        {
            TextHiddenSize = settings.Text.Width,
            TextIntermediateSize = settings.Text.InnerWidth,
            TextLayers = settings.Text.Layers,
            TextHeads = settings.Text.Heads,
            TextKeyValueHeads = settings.Text.KeyValueHeads,
            TextHeadSize = settings.Text.HeadSize,
            VocabularySize = settings.Text.VocabularySize,
            RmsNormEpsilon = settings.Text.NormEpsilon,
            RopeTheta = settings.Text.Rotary.Theta,
            TieWordEmbeddings = settings.Text.TieWordEmbeddings is true,
            ImageTokenId = settings.ImageTokenId,
            ImageSize = settings.Vision.ImageSize,
            PatchSize = settings.Vision.PatchSize,
            VisionHiddenSize = settings.Vision.Width,
            VisionIntermediateSize = settings.Vision.InnerWidth,
            VisionLayers = settings.Vision.Layers,
            VisionHeads = settings.Vision.Heads,
            VisionLayerNormEpsilon = settings.Vision.NormEpsilon,
            VisionFeatureLayer = settings.VisionLayersToRun - settings.Vision.Layers - 1,
        };
    }

    /// <summary>Writes <c>config.json</c> and <c>preprocessor_config.json</c>.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="storedType">The type of the weights, by PyTorch's name.</param>
    public void Write(string directory, string storedType)
    {
        WriteJson(
            CheckpointSettings.ConfigurationFileName,
            new
            {
                architectures = new[] { "LlavaForConditionalGeneration" },
                model_type = LlavaSettingsReader.ModelType,
                image_token_index = ImageTokenId,
                eos_token_id = EndTokenId,
                image_seq_length = VisualTokens,
                projector_hidden_act = "gelu",
                text_config = new
                {
                    model_type = "llama",
                    hidden_size = TextHiddenSize,
                    intermediate_size = TextIntermediateSize,
                    num_hidden_layers = TextLayers,
                    num_attention_heads = TextHeads,
                    num_key_value_heads = TextKeyValueHeads,
                    head_dim = TextHeadSize,
                    hidden_act = "silu",
                    max_position_embeddings = LongestPrompt,
                    rms_norm_eps = RmsNormEpsilon,
                    rope_theta = RopeTheta,
                    tie_word_embeddings = TieWordEmbeddings,
                    vocab_size = VocabularySize,
                    torch_dtype = storedType,
                },
                vision_config = new
                {
                    model_type = "clip_vision_model",
                    hidden_size = VisionHiddenSize,
                    intermediate_size = VisionIntermediateSize,
                    num_hidden_layers = VisionLayers,
                    num_attention_heads = VisionHeads,
                    hidden_act = "quick_gelu",
                    layer_norm_eps = VisionLayerNormEpsilon,
                    image_size = ImageSize,
                    patch_size = PatchSize,
                },
                tie_word_embeddings = TieWordEmbeddings,
                torch_dtype = storedType,
                vision_feature_layer = VisionFeatureLayer,
                vision_feature_select_strategy = "default",
                vocab_size = VocabularySize,
            }
        );
        WriteImages(directory, ImageSize);

        void WriteJson(string name, object settings) =>
            File.WriteAllText(Path.Combine(directory, name), JsonSerializer.Serialize(settings, WithoutNulls) + "\n");
    }

    /// <summary>Writes the <c>preprocessor_config.json</c> of the public LLaVA 1.5 checkpoint, for another input size.</summary>
    public static void WriteImages(string directory, int imageSize)
    {
        var settings = new
        {
            crop_size = new { height = imageSize, width = imageSize },
            do_center_crop = true,
            do_convert_rgb = true,
            do_normalize = true,
            do_rescale = true,
            do_resize = true,
            image_mean = PixelSettings.ClipMean,
            image_processor_type = "CLIPImageProcessor",
            image_std = PixelSettings.ClipStandardDeviation,
            processor_class = "LlavaProcessor",
            resample = (int)ResampleFilter.Bicubic,
            rescale_factor = 1 / GrayLevels,
            size = new { shortest_edge = imageSize },
        };
        File.WriteAllText(
            Path.Combine(directory, CheckpointSettings.ImageProcessorFileName),
            JsonSerializer.Serialize(settings, JsonSettings.Indented) + "\n"
        );
    }
}
