using MLNetGrounding.Models.Families.Llava;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>The safetensors files of a checkpoint folder: one <c>model.safetensors</c>, or the shards that its index names.</summary>
internal sealed class CheckpointFolder
{
    public const string SingleFileName = "model.safetensors";
    public const string IndexFileName = "model.safetensors.index.json";

    private CheckpointFolder(string directory, IReadOnlyList<SafetensorsFile> files, IReadOnlyDictionary<string, (SafetensorsFile, SafetensorsEntry)> tensors)
    {
        Directory = directory;
        Files = files;
        Tensors = tensors;
    }

    public string Directory { get; }

    public IReadOnlyList<SafetensorsFile> Files { get; }

    /// <summary>Every tensor by its name on the hub, whichever naming the files use.</summary>
    public IReadOnlyDictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> Tensors { get; }

    public static CheckpointFolder Open(string directory)
    {
        List<SafetensorsFile> files = [.. FileNames(directory).Select(name => SafetensorsFile.Open(Path.Combine(directory, name)))];
        Dictionary<string, (SafetensorsFile, SafetensorsEntry)> tensors = new(StringComparer.Ordinal);
        foreach (SafetensorsFile file in files)
        {
            foreach ((string name, SafetensorsEntry entry) in file.Entries)
            {
                if (!tensors.TryAdd(TensorNames.ToHub(name), (file, entry)))
                {
                    throw new CheckpointException(file.Path, "stored a second time; every tensor was expected once, in one of the files.", name);
                }
            }
        }

        return new CheckpointFolder(directory, files, tensors);
    }

    private static string[] FileNames(string directory)
    {
        string indexPath = Path.Combine(directory, IndexFileName);
        if (!File.Exists(indexPath))
        {
            return File.Exists(Path.Combine(directory, SingleFileName))
                ? [SingleFileName]
                : throw new CheckpointException(directory, $"holds neither {SingleFileName} nor {IndexFileName}. Other weight formats (.bin, .pt, .gguf) are not read: convert to safetensors.");
        }

        JsonSettings shards = JsonSettings.Open(indexPath).Section("weight_map");
        string[] names = [.. shards.Keys.Select(tensor => shards.TryText(tensor) ?? throw shards.Wrong(tensor, "a file name was expected")).Distinct(StringComparer.Ordinal)];
        foreach (string name in names)
        {
            // A shard beside its index, nowhere else: an index must not make us open other files of the machine.
            if (name.Length == 0 || name is "." or ".." || Path.GetFileName(name) != name || name.Contains('\\', StringComparison.Ordinal))
            {
                throw new CheckpointException(indexPath, $"names the shard '{name}'; a plain file name in the same folder was expected.");
            }
        }

        return names;
    }
}
