using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.QwenVl.Qwen2Vl;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Families.QwenVl.Qwen25Vl;

/// <summary>Qwen2.5-VL: most layers of the tower attend in windows.</summary>
internal sealed class Qwen25VlFamily : IModelFamily
{
    // The decoder of the model of 3 billion parameters, in which ViCrop's code reads layer 22.
    private const int SmallLayers = 36;
    private const int SmallRelativeAttention = 22;

    private static readonly DecoderType Decoder = Qwen2VlFamily.Decoder with { Name = "qwen2_5_vl_text" };

    /// <inheritdoc/>
    public string ModelType => "qwen2_5_vl";

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        QwenVlSettings settings = QwenVlSettingsReader.Read(directory, ModelType, Decoder, canBeFlat: true, Vision);
        if (settings.Text.Layers == SmallLayers)
        {
            settings = settings with { PublishedLayers = new PublishedLayers { RelativeAttention = SmallRelativeAttention } };
        }

        return new QwenVlArchitecture(
            settings,
            QwenImageSettings.Read(directory, settings.Vision),
            QwenPrompts.For(ModelType, hasSystemMessage: true, BoxUnits.InputPixels)
        );
    }

    private static QwenVisionSettings Vision(JsonSettings vision)
    {
        QwenVisionSettings settings = QwenVlSettingsReader.Vision(
            vision,
            "hidden_size",
            "out_hidden_size",
            new QwenVisionSettings
            {
                Layers = 32,
                Width = 3584,
                InnerWidth = vision.Int("intermediate_size", 1, QwenVlSettingsReader.LargestSize, 3420),
                Heads = 16,
                OutputWidth = 3584,
                PatchSize = 14,
                MergeSize = 2,
                Frames = 2,
                Theta = 0,
                Activation = Activation.Silu,
                RootMeanSquareNorms = true,
                FeedForward = ["gate_proj", "up_proj", "down_proj"],
                Merger = ("ln_q", "mlp.0", "mlp.2"),
            }
        );
        const string window = "window_size";
        int pixels = vision.Int(window, 1, QwenVlSettingsReader.LargestSize, 112);
        return pixels >= settings.CellSize
            ? settings with
            {
                WindowCells = pixels / settings.MergeSize / settings.PatchSize,

                // Layers that a smaller tower does not have may be named.
                FullLayers = (vision.TryInts("fullatt_block_indexes", 0, QwenVlSettingsReader.MostLayers) ?? [7, 15, 23, 31]).ToHashSet(),
            }
            : throw vision.Wrong(window, $"at least one cell of {settings.CellSize} pixels was expected, found {pixels}");
    }
}
