using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Families.QwenVl.Qwen2Vl;

/// <summary>Qwen2-VL: every layer of the tower attends over the whole image.</summary>
internal sealed class Qwen2VlFamily : IModelFamily
{
    private const int LargestRatio = 1024;

    /// <summary>The decoder of this family and of Qwen2.5-VL: Qwen2's with positions of three axes in sections.</summary>
    public static DecoderType Decoder { get; } =
        new()
        {
            Name = "qwen2_vl_text",
            Width = 8192,
            InnerWidth = 29568,
            Layers = 80,
            Heads = 64,
            KeyValueHeads = 8,
            VocabularySize = 152064,
            Context = 32768,
            Window = 4096,
            WindowSwitch = "use_sliding_window",
            NormEpsilon = 1e-5,
            Theta = 1e6,
            Axes = new RotaryAxes([16, 24, 24], Interleaved: false),
            QueryKeyValueBias = true,
        };

    /// <inheritdoc/>
    public string ModelType => "qwen2_vl";

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        QwenVlSettings settings = QwenVlSettingsReader.Read(directory, ModelType, Decoder, canBeFlat: true, Vision);
        return new QwenVlArchitecture(
            settings,
            QwenImageSettings.Read(directory, settings.Vision),
            QwenPrompts.For(ModelType, hasSystemMessage: true, BoxUnits.Thousandths)
        );
    }

    private static QwenVisionSettings Vision(JsonSettings vision)
    {
        // Here hidden_size is the width of what comes out.
        QwenVisionSettings settings = QwenVlSettingsReader.Vision(
            vision,
            "embed_dim",
            "hidden_size",
            new QwenVisionSettings
            {
                Layers = 32,
                Width = 1280,
                InnerWidth = 0,
                Heads = 16,
                OutputWidth = 3584,
                PatchSize = 14,
                MergeSize = 2,
                Frames = 2,
                Theta = 0,
                Activation = Activation.QuickGelu,
                FeedForward = ["fc1", "fc2"],
                Merger = ("ln_q", "mlp.0", "mlp.2"),
            }
        );
        return settings with { InnerWidth = settings.Width * vision.Int("mlp_ratio", 1, LargestRatio, 4) };
    }
}
