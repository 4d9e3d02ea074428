using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>A norm of a <see cref="VisionTransformer"/>.</summary>
internal sealed class VisionNorm
{
    private readonly LayerNormWeights? _layerNorm;
    private readonly RmsNorm? _rootMeanSquare;
    private readonly double _epsilon;

    private VisionNorm(LayerNormWeights? layerNorm, RmsNorm? rootMeanSquare, double epsilon)
    {
        _layerNorm = layerNorm;
        _rootMeanSquare = rootMeanSquare;
        _epsilon = epsilon;
    }

    public static VisionNorm Take(ITensorSource source, string name, VisionTransformerSettings settings, bool rootMeanSquare) =>
        rootMeanSquare
            ? new VisionNorm(null, new RmsNorm(source.Take(name + ".weight", settings.Width), settings.NormEpsilon), settings.NormEpsilon)
            : new VisionNorm(LayerNormWeights.Take(source, name, settings.Width), null, settings.NormEpsilon);

    public Tensor Apply(Tensor input) => _rootMeanSquare?.Apply(input) ?? _layerNorm!.Apply(input, _epsilon);
}
