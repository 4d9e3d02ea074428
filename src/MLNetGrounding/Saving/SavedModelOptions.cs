namespace MLNetGrounding;

/// <summary>How <c>mlContext.Model.LoadGrounding</c> loads a saved model, and what it lets through besides what it knows.</summary>
public sealed class SavedModelOptions
{
    /// <summary>
    /// Finds the checkpoints of the model, see <see cref="CheckpointLocator.Resolver"/>, which is asked where this is
    /// <see langword="null"/>. Default <see langword="null"/>.
    /// </summary>
    public Func<CheckpointReference, string?>? Resolver { get; set; }

    /// <summary>
    /// Components that the model may hold besides those that are known to hold numbers and texts alone, by the names that the
    /// errors of loading say. What is named here may run code or read files that the model names: name what you trust. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> TrustedComponents { get; set; } = [];

    /// <summary>
    /// Assemblies that may hold <see cref="TrustedComponents"/>, by their simple names, besides those of ML.NET and this library. Default:
    /// none.
    /// </summary>
    public IReadOnlyCollection<string> TrustedAssemblies { get; set; } = [];
}
