namespace MLNetGrounding;

/// <summary>A checkpoint that a saved model needs: what <see cref="CheckpointLocator.Resolver"/> is asked for.</summary>
public sealed class CheckpointReference
{
    internal CheckpointReference(string name, string? location, string? modelFolder)
    {
        Name = name;
        Location = location;
        ModelFolder = modelFolder;
    }

    /// <summary>The name of the checkpoint's folder when the model was saved, such as <c>llava-1.5-7b-hf</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The full path of that folder when the model was saved, possibly on another machine, or <see langword="null"/> for a checkpoint that
    /// came with the application. It is what the saved model says: look at it with the suspicion that the model deserves.
    /// </summary>
    public string? Location { get; }

    /// <summary>The folder that the saved model was loaded from, or <see langword="null"/> where it was read from no file.</summary>
    public string? ModelFolder { get; }
}
