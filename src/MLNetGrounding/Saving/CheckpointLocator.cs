namespace MLNetGrounding;

/// <summary>Where saved models find their checkpoints, whose weights they do not hold.</summary>
/// <remarks>
/// When a loaded model first needs its weights, the checkpoint is looked for, in this order: where <see cref="Resolver"/> says; at the path
/// it was saved with; in the folder of the saved model, by its name; beside the application, by its name, which is where the sample model
/// lies on every machine. A folder is only ever opened as a checkpoint, and only used if configuration, tokenizer and weights are those
/// that the model was saved with. Network paths (<c>\\server\share</c>) that a model carries are not touched; name them in the resolver.
/// </remarks>
public static class CheckpointLocator
{
    private static Func<CheckpointReference, string?>? _resolver;

    /// <summary>
    /// Tells the folder of a checkpoint, or <see langword="null"/> to have it looked for at the other places. Asked at the first use of
    /// each loaded model, possibly from several threads. Default <see langword="null"/>: no resolver.
    /// </summary>
    public static Func<CheckpointReference, string?>? Resolver
    {
        get => Volatile.Read(ref _resolver);
        set => Volatile.Write(ref _resolver, value);
    }
}
