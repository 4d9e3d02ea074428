using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>A checkpoint of the families before its weights are opened.</summary>
internal sealed class QwenVlArchitecture(QwenVlSettings settings, QwenImageSettings images, PromptFormat prompts) : IModelArchitecture
{
    /// <inheritdoc/>
    public ModelInfo Info { get; } =
        new()
        {
            Family = settings.ModelType,
            Layers = settings.Text.Layers,
            Heads = settings.Text.Heads,
            Width = settings.Text.Width,
            VocabularySize = settings.Text.VocabularySize,
            Grid = QwenImagePreprocessor.DefaultGrid,
            HasFixedGrid = false,
            LongestPrompt = settings.Text.LongestPrompt,
            PublishedLayers = settings.PublishedLayers,
            NormEpsilon = settings.Text.NormEpsilon,
            ImageTokenId = settings.ImageTokenId,
        };

    /// <inheritdoc/>
    public PromptFormat Prompts => prompts;

    /// <inheritdoc/>
    public IReadOnlyList<LayerCount> LayerCounts { get; } =
    [
        new(settings.TextLayersSetting, settings.Text.Layers, QwenTensorNames.Decoder + "layers."),
        new("vision_config.depth", settings.Vision.Layers, QwenTensorNames.Tower + "blocks."),
    ];

    /// <inheritdoc/>
    public string CanonicalName(string name) => QwenTensorNames.ToModule(name);

    /// <inheritdoc/>
    public bool IsUnused(string canonicalName) => QwenTensorNames.IsUnused(canonicalName);

    /// <inheritdoc/>
    public IImagePreprocessor CreateImagePreprocessor(TextTokenizer? tokenizer) => new QwenImagePreprocessor(settings, images);

    /// <inheritdoc/>
    public IModelNetwork Build(ITensorSource source) => new QwenVlNetwork(source, settings);
}
