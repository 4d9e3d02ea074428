using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tiles;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>A checkpoint of the family before its weights are opened.</summary>
internal sealed class InternVlArchitecture(InternVlSettings settings, InternVlImageSettings images) : IModelArchitecture
{
    private static readonly PromptDialogue Dialogue = new(
        "<|im_start|>user\n<image>\n{question}<|im_end|>\n",
        "<|im_start|>user\n{question}<|im_end|>\n",
        "<|im_start|>assistant\n{answer}<|im_end|>\n",
        "<|im_start|>assistant\n"
    );
    private static readonly string Turns = Dialogue.End;

    /// <inheritdoc/>
    public ModelInfo Info { get; } =
        new()
        {
            Family = InternVlSettingsReader.ModelType,
            Layers = settings.Text.Layers,
            Heads = settings.Text.Heads,
            Width = settings.Text.Width,
            VocabularySize = settings.Text.VocabularySize,
            Grid = new MapGrid(settings.Cells, settings.Cells),
            HasFixedGrid = false,
            HasTiles = true,
            LongestPrompt = settings.Text.LongestPrompt,
            NormEpsilon = settings.Text.NormEpsilon,
            ImageTokenId = settings.ImageTokenId,
        };

    /// <inheritdoc/>
    public PromptFormat Prompts { get; } =
        new()
        {
            Template = Turns,
            Origin = "the usual form of InternVL",
            ImageToken = "<IMG_CONTEXT>",
            BeforeImage = "<img>",
            AfterImage = "</img>",
            ChatTemplates = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                // Roles on lines of their own, no system message.
                ["b663fe97a1d67df5cf17a9e9fdf6107abcb0ed426996469dd7bfb983a6bffd01"] = Turns,
            },
            Dialogues = [Dialogue],
        };

    /// <inheritdoc/>
    public IReadOnlyList<LayerCount> LayerCounts { get; } =
    [
        new("text_config.num_hidden_layers", settings.Text.Layers, InternVlTensorNames.Decoder + "layers."),
        new("vision_config.num_hidden_layers", settings.Vision.Layers, InternVlTensorNames.Tower + settings.Vision.Names.Layers),
    ];

    /// <inheritdoc/>
    public string CanonicalName(string name) => InternVlTensorNames.ToHub(name);

    /// <inheritdoc/>
    public bool IsUnused(string canonicalName) => InternVlTensorNames.IsUnused(canonicalName);

    /// <inheritdoc/>
    public IImagePreprocessor CreateImagePreprocessor(TextTokenizer? tokenizer) =>
        new TiledImagePreprocessor(new InternVlTiles(settings, images));

    /// <inheritdoc/>
    public IModelNetwork Build(ITensorSource source) => new InternVlNetwork(source, settings);
}
