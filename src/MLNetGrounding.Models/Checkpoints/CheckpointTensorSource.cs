using System.Runtime.InteropServices;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Takes weights out of a checkpoint folder, through memory-mapped files or by reading them.</summary>
/// <remarks>
/// Mapped, a tensor that has the wanted type and device already is a view of the file: no byte of it is read before it is used, and it must
/// not be written to. A file that is made shorter while it is mapped ends the process when the missing part is used (SIGBUS on Linux), and
/// one that is overwritten changes the model: <see cref="RequireUnchanged"/> finds both out afterwards.
/// </remarks>
internal sealed class CheckpointTensorSource : ITensorSource, IDisposable
{
    private const int MostNamed = 3;

    private readonly CheckpointFolder _folder;
    private readonly ScalarType _type;
    private readonly ScalarType _vectorType;
    private readonly Device _device;
    private readonly bool _mapped;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, ScalarType), Tensor> _mappings = [];
    private readonly List<Tensor> _tensors = [];
    private readonly HashSet<SafetensorsFile> _viewed = [];

    /// <param name="folder">The checkpoint.</param>
    /// <param name="type">The type of matrices.</param>
    /// <param name="vectorType">The type of norms, biases and other vectors, which is that of hidden states.</param>
    /// <param name="device">Where they lie.</param>
    /// <param name="mapped">Whether files are mapped; else every tensor is a copy.</param>
    public CheckpointTensorSource(CheckpointFolder folder, ScalarType type, ScalarType vectorType, Device device, bool mapped = true)
    {
        _folder = folder;
        _type = type;
        _vectorType = vectorType;
        _device = device;
        _mapped = mapped;
    }

    public Tensor Take(string name, params long[] shape)
    {
        (SafetensorsFile file, SafetensorsEntry entry) = Find(name, shape);
        try
        {
            using DisposeScope scope = NewDisposeScope();
            bool mapped = _mapped && entry.Offset % StoredType.Size(entry.Type!.Value) == 0;
            Tensor stored = mapped ? Map(file, entry) : Read(file, entry);
            Tensor tensor = stored.view(shape).to(shape.Length == 1 ? _vectorType : _type).to(_device).DetachFromDisposeScope();
            _tensors.Add(tensor);
            if (mapped && tensor.dtype == entry.Type && _device.type == TorchSharp.DeviceType.CPU)
            {
                _viewed.Add(file);
            }

            return tensor;
        }
        catch (Exception exception)
            when (exception is ExternalException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            string remedy = _mapped ? "" : " Reading needs memory for all weights; mapping the files does not.";
            throw new CheckpointException(
                file.Path,
                $"cannot be loaded: {exception.Message.Split('\n')[0]}{remedy}",
                entry.Name,
                exception
            );
        }
    }

    public void Skip(string name, params long[] shape) => Find(name, shape);

    public bool Holds(string name) => _folder.Tensors.ContainsKey(name);

    /// <summary>
    /// Refuses tensors that no part of the architecture asked for: the folder then holds another model than its configuration says.
    /// </summary>
    /// <param name="harmless">Whether a tensor, by the architecture's naming, may be left over.</param>
    /// <exception cref="CheckpointException">One is left over.</exception>
    public void RefuseLeftovers(Func<string, bool> harmless)
    {
        string[] leftovers =
        [
            .. _folder.Tensors.Keys.Where(name => !_asked.Contains(name) && !harmless(name)).Order(StringComparer.Ordinal),
        ];
        if (leftovers.Length > 0)
        {
            (SafetensorsFile file, SafetensorsEntry entry) = _folder.Tensors[leftovers[0]];
            string others = leftovers.Length == 1 ? "" : $", nor are {leftovers.Length - 1} others";
            throw new CheckpointException(
                file.Path,
                $"is not part of the architecture that {CheckpointSettings.ConfigurationFileName} describes{others}.",
                entry.Name
            );
        }
    }

    /// <summary>Refuses files that tensors look into and that were changed since their headers were read.</summary>
    /// <exception cref="CheckpointException">One was.</exception>
    public void RequireUnchanged()
    {
        foreach (SafetensorsFile file in _viewed)
        {
            file.Stamp.RequireUnchanged();
        }
    }

    /// <summary>
    /// Lets go of the mappings: one stays as long as a weight is a view of it, and files whose weights were all converted are closed.
    /// </summary>
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
            throw new CheckpointException(
                _folder.Directory,
                $"missing from {string.Join(", ", _folder.Files.Take(MostNamed).Select(file => Path.GetFileName(file.Path)))}{(_folder.Files.Count > MostNamed ? ", ..." : "")}, also under every other name that is known for it.",
                name
            );
        }

        if (found.Entry.Type is null)
        {
            throw new CheckpointException(
                found.File.Path,
                $"has type {found.Entry.TypeName}; expected {StoredType.Supported}. Quantized checkpoints are not read.",
                found.Entry.Name
            );
        }

        if (!found.Entry.Shape.SequenceEqual(shape))
        {
            throw new CheckpointException(
                found.File.Path,
                $"has shape [{string.Join(", ", found.Entry.Shape)}]; {CheckpointSettings.ConfigurationFileName} calls for [{string.Join(", ", shape)}].",
                found.Entry.Name
            );
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
            mapping = MappedFile.Map(file.Path, type, size).DetachFromDisposeScope();
            _mappings.Add((file.Path, type), mapping);
        }

        return mapping.narrow(0, entry.Offset / size, entry.ByteLength / size);
    }

    private static Tensor Read(SafetensorsFile file, SafetensorsEntry entry)
    {
        // A span of bytes ends at 2 GiB, which embeddings exceed.
        const long pieceElements = 32 << 20;
        Tensor copy = empty(entry.ByteLength / StoredType.Size(entry.Type!.Value), entry.Type.Value);
        using FileStream stream = CheckpointFile.OpenRead(file.Path);
        stream.Position = entry.Offset;
        for (long first = 0; first < copy.shape[0]; first += pieceElements)
        {
            using Tensor piece = copy.narrow(0, first, Math.Min(pieceElements, copy.shape[0] - first));
            stream.ReadExactly(piece.bytes);
        }

        return copy;
    }
}
