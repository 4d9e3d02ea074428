using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Language;

/// <summary>The language model: embedding, layers, final norm and output layer.</summary>
internal sealed class LlamaDecoder
{
    private const string Name = "language_model.model.";
    private const string OutputName = "language_model.lm_head.weight";

    private readonly Tensor _embedding;
    private readonly RmsNorm _finalNorm;
    private readonly Tensor _head;

    public LlamaDecoder(ITensorSource source, LlavaConfiguration configuration)
    {
        long[] vocabulary = [configuration.VocabularySize, configuration.TextHiddenSize];
        _embedding = source.Take(Name + "embed_tokens.weight", vocabulary);
        Layers = [.. Enumerable.Range(0, configuration.TextLayers).Select(layer => new LlamaLayer(source, $"{Name}layers.{layer}", configuration))];
        _finalNorm = new RmsNorm(source.Take(Name + "norm.weight", configuration.TextHiddenSize), configuration.RmsNormEpsilon);
        _head = configuration.TieWordEmbeddings ? _embedding : source.Take(OutputName, vocabulary);

        // Some exporters store the shared weights twice.
        if (configuration.TieWordEmbeddings && source.Holds(OutputName))
        {
            source.Skip(OutputName, vocabulary);
        }
    }

    public IReadOnlyList<LlamaLayer> Layers { get; }

    /// <summary>Token ids of any shape to embeddings with one more dimension.</summary>
    public Tensor Embed(Tensor ids) => _embedding.index_select(0, ids.flatten()).view([.. ids.shape, _embedding.shape[1]]);

    /// <summary>Hidden states <c>[..., width]</c> to logits <c>[..., vocabulary]</c>.</summary>
    public Tensor Logits(Tensor hidden) => LinearWeights.Apply(_finalNorm.Apply(hidden), _head);
}
