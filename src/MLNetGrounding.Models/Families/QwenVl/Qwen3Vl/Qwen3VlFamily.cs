using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Families.QwenVl.Qwen3Vl;

/// <summary>
/// Qwen3-VL: the tower has learned positions besides, and features of its earlier layers go into the decoder's first ones.
/// </summary>
internal sealed class Qwen3VlFamily : IModelFamily
{
    private static readonly DecoderType Decoder = new()
    {
        Name = "qwen3_vl_text",
        InnerWidth = 22016,
        KeyValueHeads = 32,
        VocabularySize = 151936,
        Context = 128000,
        HeadSize = 128,
        WindowSwitch = "use_sliding_window",
        Theta = 5e5,
        Axes = new RotaryAxes([24, 20, 20], Interleaved: true),
        HeadNorms = true,
    };

    /// <inheritdoc/>
    public string ModelType => "qwen3_vl";

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        QwenVlSettings settings = QwenVlSettingsReader.Read(directory, ModelType, Decoder, canBeFlat: false, Vision);
        return new QwenVlArchitecture(
            settings,
            QwenImageSettings.Read(directory, settings.Vision),
            QwenPrompts.For(ModelType, hasSystemMessage: false, BoxUnits.Thousandths)
        );
    }

    /// <inheritdoc/>
    public string? Refuse(JsonSettings configuration) =>
        configuration.Text("model_type") switch
        {
            "qwen3_vl_moe" =>
                "'qwen3_vl_moe' is a mixture of experts, which is not implemented; take a dense model of the family, such as Qwen3-VL-4B-Instruct, whose model_type is qwen3_vl",
            "qwen3_5" or "qwen3_5_moe" =>
                $"'{configuration.Text("model_type")}' has recurrent layers without attention maps, which are not implemented; take a model whose model_type is qwen3_vl, such as Qwen3-VL-4B-Instruct",
            _ => null,
        };

    private static QwenVisionSettings Vision(JsonSettings vision)
    {
        QwenVisionSettings settings = QwenVlSettingsReader.Vision(
            vision,
            "hidden_size",
            "out_hidden_size",
            new QwenVisionSettings
            {
                Layers = 27,
                Width = 1152,
                InnerWidth = vision.Int("intermediate_size", 1, QwenVlSettingsReader.LargestSize, 4304),
                Heads = 16,
                OutputWidth = 3584,
                PatchSize = 16,
                MergeSize = 2,
                Frames = 2,
                Theta = 0,
                Activation = Activation.TanhGelu,
                FeedForward = ["linear_fc1", "linear_fc2"],
                Merger = ("norm", "linear_fc1", "linear_fc2"),
                PatchBias = true,
            }
        );
        return settings with { PositionSide = Side(vision), DeepLayers = DeepLayers(vision, settings.Layers) };
    }

    private static int Side(JsonSettings vision)
    {
        const string key = "num_position_embeddings";
        int entries = vision.Int(key, 1, QwenVlSettingsReader.LargestSize, 2304);
        int side = (int)Math.Sqrt(entries);
        return side * side == entries
            ? side
            : throw vision.Wrong(key, $"a square number was expected, since the table is a square, found {entries}");
    }

    private static IReadOnlyList<int> DeepLayers(JsonSettings vision, int layers)
    {
        const string key = "deepstack_visual_indexes";
        IReadOnlyList<int> deep = vision.TryInts(key, 0, layers - 1) ?? [8, 16, 24];
        return deep.Distinct().Count() == deep.Count && deep.All(layer => layer < layers)
            ? deep
            : throw vision.Wrong(key, $"layers of the {layers}, none of them twice, were expected, found [{string.Join(", ", deep)}]");
    }
}
