using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Models.Tiles;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>A checkpoint of a relative of the family that sees tiles, before its weights are opened.</summary>
/// <param name="modelType">The value of <c>model_type</c>.</param>
/// <param name="settings">Tower, projector and decoder.</param>
/// <param name="tiles">The tiles.</param>
internal sealed class AnyresArchitecture(string modelType, LlavaSettings settings, AnyresSettings tiles) : IModelArchitecture
{
    /// <inheritdoc/>
    public ModelInfo Info { get; } =
        new()
        {
            Family = modelType,
            Layers = settings.Text.Layers,
            Heads = settings.Text.Heads,
            Width = settings.Text.Width,
            VocabularySize = settings.Text.VocabularySize,
            Grid = AnyresArrangement.Of(tiles.DefaultTiles, tiles).Grid,
            HasFixedGrid = false,
            HasTiles = true,
            LongestPrompt = settings.Text.LongestPrompt,
            NormEpsilon = settings.Text.NormEpsilon,
            ImageTokenId = settings.ImageTokenId,
        };

    /// <inheritdoc/>
    public PromptFormat Prompts { get; } = LlavaPrompts.ForTiles(settings.Text.Type);

    /// <inheritdoc/>
    public IReadOnlyList<LayerCount> LayerCounts { get; } = LlavaArchitecture.CountLayers(settings);

    /// <inheritdoc/>
    public string CanonicalName(string name) => LlavaTensorNames.ToHub(name);

    /// <inheritdoc/>
    public bool IsUnused(string canonicalName) => LlavaTensorNames.IsUnused(canonicalName);

    /// <inheritdoc/>
    public IImagePreprocessor CreateImagePreprocessor(TextTokenizer? tokenizer) => new AnyresPreprocessor(tiles);

    /// <inheritdoc/>
    public IModelNetwork Build(ITensorSource source)
    {
        LlavaNetwork network = new(source, settings);
        Tensor newline = source.Take(LlavaTensorNames.Newline, settings.Text.Width);
        return new AnyresNetwork(network.Vision, network.EncodeImages, network.Decoder, newline);
    }
}
