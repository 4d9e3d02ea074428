using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Gives tensors without storage and remembers what was asked for: the architecture as a list of names and shapes.</summary>
/// <param name="type">The type on disk.</param>
/// <param name="holds">Which tensors there are of those that an architecture can do without; <see langword="null"/> for all.</param>
internal sealed class MetaTensorSource(ScalarType type, Func<string, bool>? holds = null) : ITensorSource
{
    private readonly List<(string Name, long[] Shape)> _tensors = [];

    /// <summary>Every tensor of the architecture, in the order of building.</summary>
    public IReadOnlyList<(string Name, long[] Shape)> Tensors => _tensors;

    /// <summary>Bytes that the tensors take on disk.</summary>
    public long ByteLength => _tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)) * StoredType.Size(type);

    public Tensor Take(string name, params long[] shape)
    {
        _tensors.Add((name, shape));
        return empty(shape, type, META);
    }

    public void Skip(string name, params long[] shape) => _tensors.Add((name, shape));

    public bool Holds(string name) => holds?.Invoke(name) ?? true;
}
