namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Says what is wrong with a folder as a whole, before any of its files is opened for good.</summary>
internal static class CheckpointContents
{
    private const string AdapterFileName = "adapter_config.json";

    private static readonly string[] TokenizerFileNames = ["tokenizer.json", "tokenizer.model"];

    private static readonly string[] OtherWeights = ["*.bin", "*.pt", "*.pth", "*.h5", "*.msgpack", "*.gguf"];

    /// <summary>Whether the folder has a tokenizer of one kind or the other.</summary>
    public static bool HasTokenizer(string directory) =>
        TokenizerFileNames.Any(name => CheckpointFile.Exists(Path.Combine(directory, name)));

    /// <summary>
    /// The folder that is meant: the one that was given, or where there is none and it is the name of a model on the hub, the model's in
    /// the cache.
    /// </summary>
    /// <param name="directory">A folder, or <c>organization/name</c>.</param>
    public static string Locate(string directory) => Locate(directory, HubCacheFolder.Path);

    /// <summary>As <see cref="Locate(string)"/>, for a cache folder.</summary>
    public static string Locate(string directory, string cache) =>
        !Path.Exists(directory) && HubCacheFolder.IsModelName(directory)
            ? HubCacheFolder.TrySnapshot(cache, directory) ?? directory
            : directory;

    /// <summary>Refuses what is no checkpoint folder, or lacks files that are needed, all of which are named.</summary>
    /// <param name="directory">The folder as it was given.</param>
    /// <param name="needsTokenizer">Whether texts will be asked about, and not token ids alone.</param>
    /// <exception cref="CheckpointException">The message says what is wrong and what to do.</exception>
    public static void Require(string directory, bool needsTokenizer = false)
    {
        if (!Directory.Exists(directory))
        {
            throw NoFolder(directory);
        }

        try
        {
            RequireFiles(directory, needsTokenizer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(directory, exception);
        }
    }

    private static void RequireFiles(string directory, bool needsTokenizer)
    {
        bool hasConfiguration = Has(CheckpointSettings.ConfigurationFileName);
        if (!hasConfiguration && HubCacheFolder.Snapshots(directory) is [var snapshot, ..])
        {
            throw new CheckpointException(
                directory,
                $"is a model's folder in the cache of the Hugging Face hub; open a snapshot in it: '{snapshot}'."
            );
        }

        if (Has(AdapterFileName))
        {
            throw new CheckpointException(
                Path.Combine(directory, AdapterFileName),
                "the folder holds an adapter (LoRA), which changes the weights of another checkpoint and is not read. Merge it first: in Python, peft's merge_and_unload(), then save_pretrained() of model and processor."
            );
        }

        List<string> missing = [];
        if (!hasConfiguration)
        {
            missing.Add(CheckpointSettings.ConfigurationFileName);
        }
        else
        {
            // Quantized folders lack nothing, so that what they are is said first.
            CheckpointSettings.Configuration(directory);
            QuantizedWeights.Refuse(directory);
        }

        if (CheckpointSettings.TryImageProcessor(directory) is null)
        {
            missing.Add(
                $"the images' settings ({CheckpointSettings.ImageProcessorFileName}, or '{CheckpointSettings.ImageProcessorSection}' in {CheckpointSettings.ProcessorFileName})"
            );
        }

        if (needsTokenizer && !HasTokenizer(directory))
        {
            missing.Add($"a tokenizer ({string.Join(" or ", TokenizerFileNames)})");
        }

        missing.AddRange(MissingWeights(directory));
        if (missing.Count > 0)
        {
            throw new CheckpointException(
                directory,
                $"is no complete checkpoint folder; missing: {string.Join("; ", missing)}. Download the model's files again, or save model and processor (save_pretrained) into one folder."
            );
        }

        bool Has(string name) => CheckpointFile.Exists(Path.Combine(directory, name));
    }

    private static CheckpointException NoFolder(string directory)
    {
        if (File.Exists(directory))
        {
            return new CheckpointException(
                directory,
                "is a file; a checkpoint folder in Hugging Face's layout was expected, with config.json and *.safetensors in it."
            );
        }

        if (!HubCacheFolder.IsModelName(directory))
        {
            return new CheckpointException(
                directory,
                "the folder does not exist; a checkpoint folder in Hugging Face's layout was expected, with config.json and *.safetensors in it."
            );
        }

        string cache = HubCacheFolder.Path;
        return new CheckpointException(
            directory,
            HubCacheFolder.Snapshots(cache, directory) is { Count: > 0 } snapshots
                ? $"there is no such folder here. It is the name of a model on the Hugging Face hub that the cache holds {snapshots.Count} commits of, none of which is the branch main: give the folder of one, such as '{snapshots[0]}', or download main."
                : $"there is no such folder here. It looks like the name of a model on the Hugging Face hub, which the cache '{cache}' does not hold. Nothing is downloaded unasked: download it with 'grounding model get {directory}', in code with ModelHub.GetAsync, or with Hugging Face's own tools."
        );
    }

    private static IEnumerable<string> MissingWeights(string directory)
    {
        if (CheckpointFile.Exists(Path.Combine(directory, CheckpointFolder.IndexFileName)))
        {
            string[] shards =
            [
                .. CheckpointFolder.ShardNames(directory).Where(name => !CheckpointFile.Exists(Path.Combine(directory, name))),
            ];
            return shards.Length == 0 ? [] : [$"{string.Join(", ", shards)}, which {CheckpointFolder.IndexFileName} names"];
        }

        if (CheckpointFile.Exists(Path.Combine(directory, CheckpointFolder.SingleFileName)))
        {
            return [];
        }

        string[] others =
        [
            .. OtherWeights
                .SelectMany(pattern => Directory.EnumerateFiles(directory, pattern))
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal)
                .Take(3),
        ];
        string weights = $"the weights ({CheckpointFolder.SingleFileName}, or {CheckpointFolder.IndexFileName} and what it names)";
        return
        [
            others.Length == 0
                ? weights
                : $"{weights}: {string.Join(", ", others)} hold them in a format that is not read, because such files can run code (.bin, .pt) or have another layout; convert to safetensors: in Python, from_pretrained(...).save_pretrained(...)",
        ];
    }
}
