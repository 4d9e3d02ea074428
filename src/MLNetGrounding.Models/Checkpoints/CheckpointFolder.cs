using System.Globalization;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>The safetensors files of a checkpoint folder: one <c>model.safetensors</c>, or the shards that its index names.</summary>
internal sealed class CheckpointFolder
{
    public const string SingleFileName = "model.safetensors";
    public const string IndexFileName = "model.safetensors.index.json";

    private CheckpointFolder(
        string directory,
        IReadOnlyList<SafetensorsFile> files,
        IReadOnlyDictionary<string, (SafetensorsFile, SafetensorsEntry)> tensors
    )
    {
        Directory = directory;
        Files = files;
        Tensors = tensors;
    }

    public string Directory { get; }

    public IReadOnlyList<SafetensorsFile> Files { get; }

    /// <summary>Every tensor by the name that the architecture knows it by, whichever naming the files use.</summary>
    public IReadOnlyDictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> Tensors { get; }

    /// <summary>Reads the headers of a folder's files.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="canonicalName">The architecture's name for a tensor, from its name in a file; by default they are the same.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or holds a tensor that another one holds.</exception>
    public static CheckpointFolder Open(string directory, Func<string, string>? canonicalName = null)
    {
        List<SafetensorsFile> files = [.. FileNames(directory).Select(name => SafetensorsFile.Open(Path.Combine(directory, name)))];
        Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> tensors = new(StringComparer.Ordinal);
        foreach (SafetensorsFile file in files)
        {
            foreach ((string name, SafetensorsEntry entry) in file.Entries)
            {
                string canonical = canonicalName?.Invoke(name) ?? name;
                if (!tensors.TryAdd(canonical, (file, entry)))
                {
                    (SafetensorsFile other, SafetensorsEntry first) = tensors[canonical];
                    throw new CheckpointException(
                        file.Path,
                        $"stored a second time, after '{first.Name}' in {Path.GetFileName(other.Path)}; every tensor was expected once, in one of the files.",
                        name
                    );
                }
            }
        }

        return new CheckpointFolder(directory, files, tensors);
    }

    /// <summary>The shards that the index names, each a plain file name.</summary>
    public static IReadOnlyList<string> ShardNames(string directory) =>
        ShardNames(JsonSettings.Open(Path.Combine(directory, IndexFileName)));

    /// <summary>The shards that an index names, each a plain file name.</summary>
    public static IReadOnlyList<string> ShardNames(JsonSettings index)
    {
        string indexPath = index.FilePath;
        JsonSettings shards = index.Section("weight_map");
        string[] names = [.. shards.Keys.Select(shards.Text).Distinct(StringComparer.Ordinal)];
        foreach (string name in names)
        {
            // A shard beside its index, nowhere else: an index must not make us open other files of the machine.
            if (
                name.Length == 0
                || name is "." or ".."
                || Path.GetFileName(name) != name
                || name.Contains('\\', StringComparison.Ordinal)
                || name.Any(char.IsControl)
            )
            {
                string shown = string.Concat(name.Select(character => char.IsControl(character) ? '?' : character));
                throw new CheckpointException(indexPath, $"names the shard '{shown}'; a plain file name in the same folder was expected.");
            }
        }

        return names.Length > 0 ? names : throw shards.Wrong("", "names no file");
    }

    /// <summary>How many layers the files hold whose tensors are named <c>prefix0.</c>, <c>prefix1.</c> and so on.</summary>
    public int CountLayers(string prefix)
    {
        int count = 0;
        foreach (string name in Tensors.Keys)
        {
            if (
                name.StartsWith(prefix, StringComparison.Ordinal)
                && name.IndexOf('.', prefix.Length) is > 0 and var end
                && int.TryParse(
                    name.AsSpan(prefix.Length, end - prefix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int layer
                )
                && layer < int.MaxValue
            )
            {
                count = Math.Max(count, layer + 1);
            }
        }

        return count;
    }

    /// <summary>Refuses a number of layers that the files do not hold, before anything of that number is made.</summary>
    /// <param name="settingName">The setting of <c>config.json</c> that states it.</param>
    /// <param name="stated">What it states.</param>
    /// <param name="prefix">What the names of the layers' tensors begin with, up to the number.</param>
    /// <exception cref="CheckpointException">The numbers differ.</exception>
    public void RequireLayers(string settingName, int stated, string prefix)
    {
        int held = CountLayers(prefix);
        if (held != stated)
        {
            throw CheckpointException.OfSetting(
                Path.Combine(Directory, CheckpointSettings.ConfigurationFileName),
                settingName,
                $"states {stated} layers, but {Path.GetFileName(Files[0].Path)}{(Files.Count > 1 ? $" and the other {Files.Count - 1} files" : "")} hold {held} ('{prefix}N.')"
            );
        }
    }

    /// <summary>Refuses files that were changed since their headers were read.</summary>
    /// <exception cref="CheckpointException">One was.</exception>
    public void RequireUnchanged()
    {
        foreach (SafetensorsFile file in Files)
        {
            file.Stamp.RequireUnchanged();
        }
    }

    private static IReadOnlyList<string> FileNames(string directory) =>
        CheckpointFile.Exists(Path.Combine(directory, IndexFileName)) ? ShardNames(directory)
        : CheckpointFile.Exists(Path.Combine(directory, SingleFileName)) ? [SingleFileName]
        : throw new CheckpointException(
            directory,
            $"holds neither {SingleFileName} nor {IndexFileName}. Other weight formats (.bin, .pt, .gguf) are not read: convert to safetensors."
        );
}
