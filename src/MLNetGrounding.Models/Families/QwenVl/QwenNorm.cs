using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>A norm of a tower, of the kind that its settings name.</summary>
internal sealed class QwenNorm
{
    private readonly RmsNorm? _rootMeanSquare;
    private readonly LayerNormWeights? _layer;
    private readonly double _epsilon;

    public QwenNorm(ITensorSource source, string name, int width, QwenVisionSettings settings)
    {
        _epsilon = settings.NormEpsilon;
        _rootMeanSquare = settings.RootMeanSquareNorms ? new RmsNorm(source.Take(name + ".weight", width), _epsilon) : null;
        _layer = settings.RootMeanSquareNorms ? null : LayerNormWeights.Take(source, name, width);
    }

    public Tensor Apply(Tensor input) => _layer?.Apply(input, _epsilon) ?? _rootMeanSquare!.Apply(input);
}
