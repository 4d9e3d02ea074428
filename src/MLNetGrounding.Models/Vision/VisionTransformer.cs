using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>A vision tower of CLIP's or SigLIP's kind, up to the hidden states that a connector reads.</summary>
internal sealed class VisionTransformer
{
    private readonly VisionTransformerSettings _settings;
    private readonly Tensor? _classEmbedding;
    private readonly Tensor _patchEmbedding;
    private readonly Tensor? _patchBias;
    private readonly Tensor _positionEmbedding;
    private readonly LayerNormWeights? _embeddingNorm;
    private readonly VisionLayer[] _layers;

    /// <param name="source">Where the weights come from.</param>
    /// <param name="settings">The architecture.</param>
    /// <param name="name">What the names of its tensors begin with.</param>
    /// <param name="layersToRun">How many layers are needed; the others are stated and left aside.</param>
    public VisionTransformer(ITensorSource source, VisionTransformerSettings settings, string name, int layersToRun)
    {
        int width = settings.Width;
        _settings = settings;
        _classEmbedding = settings.HasClassToken ? source.Take(name + "embeddings.class_embedding", width) : null;
        _patchEmbedding = source.Take(name + "embeddings.patch_embedding.weight", width, 3, settings.PatchSize, settings.PatchSize);
        _patchBias = settings.HasClassToken ? null : source.Take(name + "embeddings.patch_embedding.bias", width);
        _positionEmbedding = source.Take(name + "embeddings.position_embedding.weight", settings.Tokens, width);

        // Spelled so on disk.
        _embeddingNorm = settings.HasClassToken ? LayerNormWeights.Take(source, name + "pre_layrnorm", width) : null;
        _layers = [.. Enumerable.Range(0, layersToRun).Select(layer => new VisionLayer(source, LayerName(layer), settings))];
        for (int layer = layersToRun; layer < settings.Layers; layer++)
        {
            VisionLayer.Skip(source, LayerName(layer), settings);
        }

        foreach (string unused in (string[])[name + "post_layernorm.weight", name + "post_layernorm.bias"])
        {
            if (source.Holds(unused))
            {
                source.Skip(unused, width);
            }
        }

        string LayerName(int layer) => $"{name}encoder.layers.{layer}";
    }

    /// <summary>How many layers were built.</summary>
    public int LayersRun => _layers.Length;

    /// <summary>Whether they are all that there are.</summary>
    public bool RunsAll => LayersRun == _settings.Layers;

    /// <summary>Turns pixels into hidden states.</summary>
    /// <param name="pixels"><c>[batch, 3, size, size]</c>.</param>
    /// <param name="states">Which states: 0 is what the first layer reads, k what layer k gives.</param>
    /// <returns>One tensor a state, <c>[batch, tokens, width]</c>: the class token first where there is one, then the patches row by row.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor pixels, IReadOnlyList<int> states)
    {
        Tensor hidden = Embed(pixels);
        hidden = _embeddingNorm is null ? hidden : _embeddingNorm.Apply(hidden, _settings.NormEpsilon);
        Dictionary<int, Tensor> kept = new() { [0] = hidden };
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            using var layerScope = NewDisposeScope();
            hidden = _layers[layer].Forward(hidden).MoveToOuterDisposeScope();
            if (states.Contains(layer + 1))
            {
                kept[layer + 1] = hidden;
            }
        }

        return [.. states.Select(state => kept[state])];
    }

    /// <summary>Patches and class token with their positions, before any norm, <c>[batch, tokens, width]</c>.</summary>
    public Tensor Embed(Tensor pixels)
    {
        Tensor hidden = LinearWeights.Apply(Patches(pixels), _patchEmbedding.view(_settings.Width, -1), _patchBias);
        if (_classEmbedding is not null)
        {
            hidden = cat([_classEmbedding.expand(pixels.shape[0], 1, _settings.Width), hidden], 1);
        }

        return hidden.Plus(_positionEmbedding);
    }

    /// <summary>A convolution whose stride is its size is a matrix product over the patches laid out as rows.</summary>
    private Tensor Patches(Tensor pixels)
    {
        (int side, int patch) = (_settings.Side, _settings.PatchSize);
        long covered = (long)side * patch;
        return pixels.narrow(2, 0, covered).narrow(3, 0, covered)
            .reshape(pixels.shape[0], 3, side, patch, side, patch)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(pixels.shape[0], (long)side * side, -1);
    }
}
