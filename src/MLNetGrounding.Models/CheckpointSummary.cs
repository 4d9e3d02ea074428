using MLNetGrounding.Models;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding;

/// <summary>
/// What a checkpoint folder holds, and what it lacks, found without opening the model: no weights are read, and libtorch is not needed.
/// </summary>
public sealed record CheckpointSummary
{
    private CheckpointSummary() { }

    /// <summary>The folder, as a full path.</summary>
    public required string Directory { get; init; }

    /// <summary>The model's family, numbers and sizes; <see langword="null"/> where the settings cannot be read.</summary>
    public ModelInfo? Model { get; init; }

    /// <summary>How the model is asked, its template filled in; <see langword="null"/> where it cannot be read.</summary>
    public GroundingProfile? Profile { get; init; }

    /// <summary>Where the template comes from, in words; see <see cref="VisionLanguageModel.TemplateOrigin"/>.</summary>
    public string? TemplateOrigin { get; init; }

    /// <summary>The tokenizer's file, or <see langword="null"/>: there is none, or it cannot be read.</summary>
    public string? TokenizerFile { get; init; }

    /// <summary>The files of the weights.</summary>
    public IReadOnlyList<string> WeightFiles { get; init; } = [];

    /// <summary>Number of weights.</summary>
    public long Parameters { get; init; }

    /// <summary>Bytes of the weights in their files.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The type that most weights are stored in, as <c>config.json</c> names it.</summary>
    public string? StoredType { get; init; }

    /// <summary>The type that the model would run in on this machine.</summary>
    public string? RunType { get; init; }

    /// <summary>
    /// Bytes that the weights take in memory in that type. Those of the stored type are mapped from the files and can be dropped and read
    /// again by the system; what an image needs comes on top.
    /// </summary>
    public long WeightBytes { get; init; }

    /// <summary>What keeps the model from being opened, each with its file and what to do; empty where nothing was found.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Reads settings, tokenizer and the headers of the weights.</summary>
    /// <param name="directory">A checkpoint folder, or the name of a model in the cache; see
    /// <see cref="VisionLanguageModel.Load"/>.</param>
    /// <param name="options">How the model would be opened.</param>
    /// <exception cref="CheckpointException">There is no such folder.</exception>
    public static CheckpointSummary Read(string directory, VisionLanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = CheckpointContents.Locate(directory);
        if (!System.IO.Directory.Exists(directory))
        {
            CheckpointContents.Require(directory);
        }

        List<string> problems = [];
        Try(
            problems,
            () =>
            {
                CheckpointContents.Require(directory, needsTokenizer: true);
                return true;
            }
        );
        bool isComplete = problems.Count == 0;
        IModelArchitecture? architecture = Try(problems, () => FamilyRegistry.Read(directory));
        (GroundingProfile Profile, string Origin)? prompts = architecture is null
            ? null
            : Try(problems, () => ((GroundingProfile, string)?)PromptSource.Find(directory, architecture.Prompts));
        TextTokenizer? tokenizer = Try(problems, () => TextTokenizer.TryOpen(directory));
        CheckpointFolder? weights = !isComplete ? null : Try(problems, () => Open(directory, architecture));
        CheckpointSummary summary = new()
        {
            Directory = Path.GetFullPath(directory),
            Model = architecture?.Info,
            Profile = prompts?.Profile,
            TemplateOrigin = prompts?.Origin,
            TokenizerFile = tokenizer?.FilePath,
            Problems = problems,
        };
        return weights is null ? summary : summary.With(weights, options ?? new VisionLanguageModelOptions());
    }

    private static CheckpointFolder Open(string directory, IModelArchitecture? architecture)
    {
        var folder = CheckpointFolder.Open(directory, architecture is null ? null : architecture.CanonicalName);
        foreach (LayerCount layers in architecture?.LayerCounts ?? [])
        {
            folder.RequireLayers(layers.Setting, layers.Count, layers.Prefix);
        }

        return folder;
    }

    private static T? Try<T>(List<string> problems, Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (CheckpointException exception)
        {
            // One cause is often met twice: a file that is missing and cannot be opened.
            if (!problems.Contains(exception.Message))
            {
                problems.Add(exception.Message);
            }

            return default;
        }
    }

    private CheckpointSummary With(CheckpointFolder folder, VisionLanguageModelOptions options)
    {
        CheckpointSummary known = this with
        {
            WeightFiles = [.. folder.Files.Select(file => Path.GetFileName(file.Path))],
            Parameters = folder.Tensors.Values.Sum(tensor => tensor.Entry.Shape.Aggregate(1L, (product, size) => product * size)),
            StoredBytes = folder.Tensors.Values.Sum(tensor => tensor.Entry.ByteLength),
            StoredType = folder
                .Tensors.Values.GroupBy(tensor => tensor.Entry.Type)
                .MaxBy(group => group.Sum(tensor => tensor.Entry.ByteLength))
                is { Key: { } stored }
                ? Models.Checkpoints.StoredType.TorchName(stored)
                : null,
        };
        List<string> problems = [.. known.Problems];
        TorchSharp.torch.ScalarType type;
        try
        {
            type = SharedCheckpoint.Precision(options, folder);
        }
        catch (NotSupportedException exception)
        {
            return known with { Problems = [.. problems, exception.Message] };
        }

        return known with
        {
            RunType = Models.Checkpoints.StoredType.TorchName(type),
            WeightBytes = known.Parameters * Models.Checkpoints.StoredType.Size(type),
        };
    }
}
