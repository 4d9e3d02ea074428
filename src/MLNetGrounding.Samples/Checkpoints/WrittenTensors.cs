using MLNetGrounding.Models.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>
/// The tensors of an architecture that a file holds as published ones do: those that it can do without only where they are used.
/// </summary>
internal sealed class WrittenTensors : ITensorSource
{
    private readonly HashSet<string> _optional = new(StringComparer.Ordinal);
    private readonly List<(string Name, long[] Shape)> _tensors = [];

    /// <summary>Names and shapes in the order of building.</summary>
    public IReadOnlyList<(string Name, long[] Shape)> Tensors => _tensors;

    /// <inheritdoc/>
    public Tensor Take(string name, params long[] shape)
    {
        _tensors.Add((name, shape));
        return empty(shape, ScalarType.Float32, META);
    }

    /// <inheritdoc/>
    public void Skip(string name, params long[] shape)
    {
        if (!_optional.Contains(name))
        {
            _tensors.Add((name, shape));
        }
    }

    /// <inheritdoc/>
    public bool Holds(string name)
    {
        _optional.Add(name);
        return true;
    }
}
