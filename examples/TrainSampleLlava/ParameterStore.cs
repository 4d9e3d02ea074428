using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Samples.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace TrainSampleLlava;

/// <summary>A model's parameters as views of one flat tensor, so that an optimizer step is a handful of operations on it.</summary>
internal sealed class ParameterStore : ITensorSource, IDisposable
{
    private readonly List<(string Name, long[] Shape, long Offset)> _entries = [];
    private readonly List<Tensor> _leaves = [];

    public ParameterStore(LlavaShape configuration, long seed, Device device)
    {
        ArchitectureReader architecture = new();
        _ = new LlavaNetwork(architecture, configuration.Settings);
        Untrained = architecture.Skipped;
        long offset = 0;
        foreach ((string name, long[] shape) in architecture.Taken)
        {
            _entries.Add((name, shape, offset));
            offset += Length(shape);
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        // Drawn on the CPU, so that every device starts from the same values.
        Values = ParameterInitialization.Create(_entries, offset, configuration, seed).to(device).DetachFromDisposeScope();
        DecayMask = ParameterInitialization.DecayMask(_entries, offset).to(device).DetachFromDisposeScope();
        foreach ((string _, long[] shape, long start) in _entries)
        {
            _leaves.Add(Values.narrow(0, start, Length(shape)).view(shape).detach().requires_grad_(true).DetachFromDisposeScope());
        }
    }

    /// <summary>All parameters one after another, in float32.</summary>
    public Tensor Values { get; }

    /// <summary>Tensors that a checkpoint has to hold although no answer depends on them.</summary>
    public IReadOnlyList<(string Name, long[] Shape)> Untrained { get; }

    /// <summary>1 for parameters that decay: matrices other than embeddings.</summary>
    public Tensor DecayMask { get; }

    /// <summary>Views of <see cref="Values"/> that the network computes with, in the order of <see cref="Entries"/>.</summary>
    public IReadOnlyList<Tensor> Leaves => _leaves;

    public IReadOnlyList<(string Name, long[] Shape, long Offset)> Entries => _entries;

    public Tensor Take(string name, params long[] shape) => _leaves[_entries.FindIndex(entry => entry.Name == name)];

    public void Skip(string name, params long[] shape) { }

    public void Dispose()
    {
        foreach (Tensor leaf in _leaves)
        {
            leaf.Dispose();
        }

        Values.Dispose();
        DecayMask.Dispose();
    }

    private static long Length(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private sealed class ArchitectureReader : ITensorSource
    {
        public List<(string Name, long[] Shape)> Taken { get; } = [];

        public List<(string Name, long[] Shape)> Skipped { get; } = [];

        public Tensor Take(string name, params long[] shape)
        {
            Taken.Add((name, shape));
            return empty(shape, ScalarType.Float32, META);
        }

        public void Skip(string name, params long[] shape) => Skipped.Add((name, shape));
    }
}
