using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>CLIP's vision transformer up to the hidden state that LLaVA projects, class token dropped.</summary>
internal sealed class ClipVisionTower
{
    private const string Name = "vision_tower.vision_model.";

    private readonly Tensor _classEmbedding;
    private readonly Tensor _patchEmbedding;
    private readonly Tensor _positionEmbedding;
    private readonly LayerNormWeights _embeddingNorm;
    private readonly ClipLayer[] _layers;
    private readonly double _epsilon;
    private readonly int _patch;
    private readonly int _grid;

    public ClipVisionTower(ITensorSource source, LlavaConfiguration configuration)
    {
        int width = configuration.VisionHiddenSize;
        int layersToRun = configuration.VisionLayersToRun;
        _classEmbedding = source.Take(Name + "embeddings.class_embedding", width);
        _patchEmbedding = source.Take(Name + "embeddings.patch_embedding.weight", width, 3, configuration.PatchSize, configuration.PatchSize);
        _positionEmbedding = source.Take(Name + "embeddings.position_embedding.weight", configuration.VisualTokens + 1, width);

        // Spelled so on disk.
        _embeddingNorm = LayerNormWeights.Take(source, Name + "pre_layrnorm", width);
        _layers = [.. Enumerable.Range(0, layersToRun).Select(layer => new ClipLayer(source, LayerName(layer), configuration))];
        for (int layer = layersToRun; layer < configuration.VisionLayers; layer++)
        {
            ClipLayer.Skip(source, LayerName(layer), configuration);
        }

        source.Skip(Name + "post_layernorm.weight", width);
        source.Skip(Name + "post_layernorm.bias", width);
        _epsilon = configuration.VisionLayerNormEpsilon;
        _patch = configuration.PatchSize;
        _grid = configuration.Grid;
    }

    /// <summary>Turns pixels <c>[batch, 3, size, size]</c> into patch features <c>[batch, patches, width]</c>, patches in row-major order.</summary>
    public Tensor Forward(Tensor pixels) => Hidden(pixels).narrow(1, 1, (long)_grid * _grid);

    /// <summary>The selected hidden state with the class token in row 0.</summary>
    public Tensor Hidden(Tensor pixels)
    {
        long batch = pixels.shape[0];
        long width = _classEmbedding.shape[0];
        Tensor patches = LinearWeights.Apply(Patches(pixels), _patchEmbedding.view(width, -1));
        Tensor hidden = cat([_classEmbedding.expand(batch, 1, width), patches], 1).Plus(_positionEmbedding);
        hidden = _embeddingNorm.Apply(hidden, _epsilon);
        foreach (ClipLayer layer in _layers)
        {
            using var layerScope = NewDisposeScope();
            hidden = layer.Forward(hidden).MoveToOuterDisposeScope();
        }

        return hidden;
    }

    /// <summary>A convolution whose stride is its size is a matrix product over the patches laid out as rows.</summary>
    private Tensor Patches(Tensor pixels)
    {
        long covered = (long)_grid * _patch;
        return pixels.narrow(2, 0, covered).narrow(3, 0, covered)
            .reshape(pixels.shape[0], 3, _grid, _patch, _grid, _patch)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(pixels.shape[0], (long)_grid * _grid, -1);
    }

    private static string LayerName(int layer) => $"{Name}encoder.layers.{layer}";
}
