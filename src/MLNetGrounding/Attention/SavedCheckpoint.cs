using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Attention;

/// <summary>
/// A checkpoint as a saved model names it: where it was, how to know it again, and what the schema needs before it is opened.
/// </summary>
internal sealed record SavedCheckpoint
{
    // Far beyond any model; they keep the columns that a damaged or hostile model describes within what can be described.
    private const int MostLayers = 1024;
    private const int MostHeads = 1024;
    private const int LargestGrid = 512;
    private const int LargestSize = 1 << 20;

    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder's full path, or <see langword="null"/> where it is found beside the application.</summary>
    public string? Location { get; init; }

    public required CheckpointIdentity Identity { get; init; }

    public required ModelInfo Model { get; init; }

    /// <summary>
    /// The precision that was asked for, which outputs depend on. The device is a matter of the machine that loads the model.
    /// </summary>
    public ModelPrecision Precision { get; init; }

    private static StringComparison PathComparison =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The folders that come with the running application.</summary>
    private static IEnumerable<string> ApplicationFolders
    {
        get
        {
            yield return AppContext.BaseDirectory;
            if (Path.GetDirectoryName(typeof(SavedCheckpoint).Assembly.Location) is { Length: > 0 } library)
            {
                yield return library;
            }
        }
    }

    public static SavedCheckpoint Of(VisionLanguageModel model) =>
        new SavedCheckpoint
        {
            Name = "",
            Identity = model.Identity,
            Model = model.Info,
            Precision = model.Options.Precision,
        }.At(model.Directory);

    /// <summary>This checkpoint, found in another folder.</summary>
    public SavedCheckpoint At(string directory)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        string name = Path.GetFileName(path);
        bool ofApplication = ApplicationFolders.Any(folder =>
            string.Equals(path, Path.GetFullPath(Path.Combine(folder, name)), PathComparison)
        );
        return this with { Name = name, Location = ofApplication ? null : path };
    }

    /// <exception cref="SavedModelException">A value is out of its range.</exception>
    public void Check()
    {
        ModelInfo model = Model;
        RequireRange(model.Layers, MostLayers, nameof(model.Layers));
        RequireRange(model.Heads, MostHeads, nameof(model.Heads));
        RequireRange(model.Width, LargestSize, nameof(model.Width));
        RequireRange(model.VocabularySize, LargestSize, nameof(model.VocabularySize));
        RequireRange(model.Grid.Height, LargestGrid, nameof(model.Grid));
        RequireRange(model.Grid.Width, LargestGrid, nameof(model.Grid));
        if (!IsPlainName(Name))
        {
            throw new SavedModelException($"The saved model names the checkpoint '{Name}'; the plain name of a folder was expected.");
        }
    }

    /// <summary>Whether <see cref="Location"/> is a path that is looked at: a full one without detours, and on this machine.</summary>
    public bool HasUsableLocation => Location is { } location && IsLocalPath(location);

    /// <summary>The folders to look in, besides the one that a resolver may name.</summary>
    public IEnumerable<string> Candidates(string? modelFolder)
    {
        if (HasUsableLocation)
        {
            yield return Location!;
        }

        if (modelFolder is not null)
        {
            yield return Path.Combine(modelFolder, Name);
        }

        foreach (string folder in ApplicationFolders)
        {
            yield return Path.Combine(folder, Name);
        }
    }

    private static void RequireRange(int value, int largest, string name)
    {
        if (value < 1 || value > largest)
        {
            throw new SavedModelException(
                $"The saved model describes a checkpoint whose {name} is {value}; from 1 to {largest} was expected."
            );
        }
    }

    private static bool IsPlainName(string name) => name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;

    /// <summary>A full path without detours on this machine: opening a path on another would tell that machine who we are.</summary>
    private static bool IsLocalPath(string path) =>
        Path.IsPathFullyQualified(path)
        && !path.StartsWith(@"\\", StringComparison.Ordinal)
        && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Contains('\0', StringComparison.Ordinal)
        && string.Equals(
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)),
            Path.TrimEndingDirectorySeparator(path),
            StringComparison.Ordinal
        );
}
