using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>A norm of a tower, of the kind that its settings name.</summary>
internal sealed class QwenNorm
{
    // No file states another.
    private const double Epsilon = 1e-6;

    private readonly RmsNorm? _rootMeanSquare;
    private readonly LayerNormWeights? _layer;

    public QwenNorm(ITensorSource source, string name, int width, QwenVisionSettings settings)
    {
        _rootMeanSquare = settings.RootMeanSquareNorms ? new RmsNorm(source.Take(name + ".weight", width), Epsilon) : null;
        _layer = settings.RootMeanSquareNorms ? null : LayerNormWeights.Take(source, name, width);
    }

    public Tensor Apply(Tensor input) => _layer?.Apply(input, Epsilon) ?? _rootMeanSquare!.Apply(input);
}
