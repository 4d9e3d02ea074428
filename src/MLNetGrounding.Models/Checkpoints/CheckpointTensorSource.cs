using MLNetGrounding.Models.Families.Llava;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Takes weights out of a checkpoint folder through memory-mapped files.</summary>
/// <remarks>A tensor that has the wanted type and device already is a view of the mapping: no byte of it is read before it is used.</remarks>
internal sealed class CheckpointTensorSource : ITensorSource, IDisposable
{
    private readonly CheckpointFolder _folder;
    private readonly ScalarType _type;
    private readonly ScalarType _vectorType;
    private readonly Device _device;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, ScalarType), Tensor> _mappings = [];
    private readonly List<Tensor> _tensors = [];

    /// <param name="folder">The checkpoint.</param>
    /// <param name="type">The type of matrices.</param>
    /// <param name="vectorType">The type of norms, biases and other vectors, which is that of hidden states.</param>
    /// <param name="device">Where they lie.</param>
    public CheckpointTensorSource(CheckpointFolder folder, ScalarType type, ScalarType vectorType, Device device)
    {
        _folder = folder;
        _type = type;
        _vectorType = vectorType;
        _device = device;
    }

    public Tensor Take(string name, params long[] shape)
    {
        (SafetensorsFile file, SafetensorsEntry entry) = Find(name, shape);
        using var scope = NewDisposeScope();
        Tensor view = entry.Offset % StoredType.Size(entry.Type!.Value) == 0 ? Map(file, entry) : Read(file, entry);
        Tensor tensor = view.view(shape).to(shape.Length == 1 ? _vectorType : _type).to(_device).DetachFromDisposeScope();
        _tensors.Add(tensor);
        return tensor;
    }

    public void Skip(string name, params long[] shape) => Find(name, shape);

    public bool Holds(string name) => _folder.Tensors.ContainsKey(name);

    /// <summary>Refuses tensors that no part of the architecture asked for: the folder then holds another model than its configuration says.</summary>
    public void RefuseLeftovers()
    {
        string? leftover = _folder.Tensors.Keys.FirstOrDefault(name => !_asked.Contains(name) && !TensorNames.IsHarmlessBuffer(name));
        if (leftover is not null)
        {
            throw new CheckpointException(_folder.Tensors[leftover].File.Path, $"not part of the LLaVA 1.5 architecture that {LlavaConfigurationFile.FileName} describes.", _folder.Tensors[leftover].Entry.Name);
        }
    }

    /// <summary>Lets go of the mappings: one stays as long as a weight is a view of it, and files whose weights were all converted are closed.</summary>
    public void ReleaseMappings()
    {
        foreach (Tensor mapping in _mappings.Values)
        {
            mapping.Dispose();
        }

        _mappings.Clear();
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Concat(_mappings.Values))
        {
            tensor.Dispose();
        }
    }

    private (SafetensorsFile, SafetensorsEntry) Find(string name, long[] shape)
    {
        if (!_folder.Tensors.TryGetValue(name, out (SafetensorsFile File, SafetensorsEntry Entry) found))
        {
            throw new CheckpointException(_folder.Directory, $"missing, also as '{TensorNames.ToNew(name)}', from {string.Join(", ", _folder.Files.Select(file => Path.GetFileName(file.Path)))}.", name);
        }

        if (found.Entry.Type is null)
        {
            throw new CheckpointException(found.File.Path, $"has type {found.Entry.TypeName}; expected {StoredType.Supported}. Quantized checkpoints are not read.", found.Entry.Name);
        }

        if (!found.Entry.Shape.SequenceEqual(shape))
        {
            throw new CheckpointException(found.File.Path, $"has shape [{string.Join(", ", found.Entry.Shape)}]; {LlavaConfigurationFile.FileName} calls for [{string.Join(", ", shape)}].", found.Entry.Name);
        }

        _asked.Add(name);
        return found;
    }

    private Tensor Map(SafetensorsFile file, SafetensorsEntry entry)
    {
        // A mapping has one element type, so a file is mapped once per type in it; the pages are the same.
        ScalarType type = entry.Type!.Value;
        int size = StoredType.Size(type);
        if (!_mappings.TryGetValue((file.Path, type), out Tensor? mapping))
        {
            mapping = from_file(file.Path, shared: false, size: new FileInfo(file.Path).Length / size, dtype: type).DetachFromDisposeScope();
            _mappings.Add((file.Path, type), mapping);
        }

        return mapping.narrow(0, entry.Offset / size, entry.ByteLength / size);
    }

    private static Tensor Read(SafetensorsFile file, SafetensorsEntry entry)
    {
        Tensor copy = empty(entry.ByteLength / StoredType.Size(entry.Type!.Value), entry.Type.Value);
        using FileStream stream = File.OpenRead(file.Path);
        stream.Position = entry.Offset;
        stream.ReadExactly(copy.bytes);
        return copy;
    }
}
