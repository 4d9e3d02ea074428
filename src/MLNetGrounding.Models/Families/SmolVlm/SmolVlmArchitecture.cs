using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tiles;

namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>A checkpoint of the family before its weights are opened.</summary>
internal sealed class SmolVlmArchitecture(SmolVlmSettings settings, SmolVlmImageSettings images) : IModelArchitecture
{
    // One begin for the whole chat; a space after the role where no image follows it.
    private static readonly PromptDialogue Dialogue = new(
        "User:<image>{question}<end_of_utterance>\n",
        "User: {question}<end_of_utterance>\n",
        "Assistant: {answer}<end_of_utterance>\n",
        "Assistant:"
    );
    private static readonly string Turns = "<|im_start|>" + Dialogue.End;
    private static readonly string IdeficsTurns = "<|begin_of_text|>" + Dialogue.End;

    /// <inheritdoc/>
    public ModelInfo Info { get; } =
        new()
        {
            Family = settings.ModelType,
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
            Origin = "the usual form of SmolVLM",
            ImageToken = SmolVlmTiles.ImageToken,
            AfterImage = SmolVlmTiles.Around,
            ChatTemplates = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                // One begin for the whole chat, roles with a capital: SmolVLM and SmolVLM2 as published, in either spelling, and with fewer
                // blanks.
                ["830005085ddd94cec605b6e21b885b28ffad6e3f82ee6a212c523533e8f04f01"] = Turns,
                ["a00a4331268a4fe8999d0d56538f0dcb8978d0412a336d63569b3fca87beebc6"] = Turns,
                ["938f965dad9aa42600426f09e43952e6a7d556aaac885352d423ef7c30169e09"] = Turns,

                // The same of Idefics3, whose begin is Llama 3's.
                ["0d7e56ca41705b79932de707b22bc855c3cfcefae62f1ac5e458560654883d2e"] = IdeficsTurns,
                ["fcbb6764942ea01454d80ccd9bd03365cd0ad41c31431208f7457f5cbb9ad69e"] = IdeficsTurns,
            },
            Dialogues = [Dialogue],
        };

    /// <inheritdoc/>
    public IReadOnlyList<LayerCount> LayerCounts { get; } =
    [
        new("text_config.num_hidden_layers", settings.Text.Layers, SmolVlmTensorNames.Decoder + "layers."),
        new("vision_config.num_hidden_layers", settings.Vision.Layers, SmolVlmTensorNames.Tower + settings.Vision.Names.Layers),
    ];

    /// <inheritdoc/>
    public string CanonicalName(string name) => name;

    /// <inheritdoc/>
    public bool IsUnused(string canonicalName) => SmolVlmTensorNames.IsUnused(canonicalName);

    /// <inheritdoc/>
    public IImagePreprocessor CreateImagePreprocessor(TextTokenizer? tokenizer) =>
        new TiledImagePreprocessor(new SmolVlmTiles(settings, images, tokenizer));

    /// <inheritdoc/>
    public IModelNetwork Build(ITensorSource source) => new SmolVlmNetwork(source, settings);
}
