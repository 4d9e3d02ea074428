using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>A checkpoint of the family before its weights are opened.</summary>
internal sealed class LlavaArchitecture(LlavaSettings settings, SquareImageSettings images) : IModelArchitecture
{
    /// <inheritdoc/>
    public ModelInfo Info { get; } =
        new()
        {
            Family = LlavaSettingsReader.ModelType,
            Layers = settings.Text.Layers,
            Heads = settings.Text.Heads,
            Width = settings.Text.Width,
            VocabularySize = settings.Text.VocabularySize,
            Grid = settings.Grid,
            HasFixedGrid = true,
            LongestPrompt = settings.Text.LongestPrompt,
            NormEpsilon = settings.Text.NormEpsilon,
            ImageTokenId = settings.ImageTokenId,
        };

    /// <inheritdoc/>
    public PromptFormat Prompts { get; } = LlavaPrompts.For(settings.Text.Type);

    /// <inheritdoc/>
    public IReadOnlyList<LayerCount> LayerCounts { get; } = CountLayers(settings);

    /// <summary>The layers of a checkpoint's tower and decoder.</summary>
    public static IReadOnlyList<LayerCount> CountLayers(LlavaSettings settings) =>
        [
            new("text_config.num_hidden_layers", settings.Text.Layers, LlavaTensorNames.Decoder + "layers."),
            new("vision_config.num_hidden_layers", settings.Vision.Layers, LlavaTensorNames.Tower + settings.Vision.Names.Layers),
        ];

    /// <inheritdoc/>
    public string CanonicalName(string name) => LlavaTensorNames.ToHub(name);

    /// <inheritdoc/>
    public bool IsUnused(string canonicalName) => LlavaTensorNames.IsUnused(canonicalName);

    /// <inheritdoc/>
    public IImagePreprocessor CreateImagePreprocessor(TextTokenizer? tokenizer) => new SquareImagePreprocessor(settings, images);

    /// <inheritdoc/>
    public IModelNetwork Build(ITensorSource source) => new LlavaNetwork(source, settings);
}
