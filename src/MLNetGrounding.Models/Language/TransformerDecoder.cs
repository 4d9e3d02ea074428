using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Language;

/// <summary>The language model that most families share: embedding, layers, final norm and output layer.</summary>
internal sealed class TransformerDecoder : IDecoder
{
    private readonly DecoderSettings _settings;
    private readonly Tensor _embedding;
    private readonly RmsNorm _finalNorm;
    private readonly Tensor _head;

    /// <param name="source">Where the weights come from.</param>
    /// <param name="settings">The architecture.</param>
    /// <param name="name">What the names of its tensors begin with, such as <c>language_model.model.</c></param>
    /// <param name="headName">The name of the output layer's weight.</param>
    public TransformerDecoder(ITensorSource source, DecoderSettings settings, string name, string headName)
    {
        _settings = settings;
        long[] vocabulary = [settings.VocabularySize, settings.Width];
        _embedding = source.Take(name + "embed_tokens.weight", vocabulary);
        Layers = [.. Enumerable.Range(0, settings.Layers).Select(layer => new DecoderLayer(source, $"{name}layers.{layer}", settings))];
        _finalNorm = new RmsNorm(source.Take(name + "norm.weight", settings.Width), settings.NormEpsilon);

        // The files decide: an output layer that is stored is used, whatever settings say, and one that is not shares the embedding's
        // weights, unless settings say that it has its own.
        bool own = settings.TieWordEmbeddings == false || source.Holds(headName);
        _head = own ? source.Take(headName, vocabulary) : _embedding;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IDecoderLayer> Layers { get; }

    /// <inheritdoc/>
    public int PositionAxes => _settings.Rotary.Axes;

    /// <inheritdoc/>
    public double AttentionScale => _settings.AttentionScale;

    /// <inheritdoc/>
    public int KeyValueHeads => _settings.KeyValueHeads;

    /// <inheritdoc/>
    public Tensor Embed(Tensor ids) => _embedding.index_select(0, ids.flatten()).view([.. ids.shape, _embedding.shape[1]]);

    /// <inheritdoc/>
    public IRotation Rotation(IReadOnlyList<int[]> positions, ScalarType type, Device device) =>
        new RotaryTable(positions, _settings.Rotary, _settings.HeadSize, type, device);

    /// <inheritdoc/>
    public Tensor Logits(Tensor hidden) => LinearWeights.Apply(_finalNorm.Apply(hidden), _head);

    /// <inheritdoc/>
    public Tensor Logits(Tensor hidden, Tensor ids) => LinearWeights.Apply(_finalNorm.Apply(hidden), _head.index_select(0, ids));
}
