namespace MLNetGrounding;

/// <summary>How the engines that a service registers are made.</summary>
public sealed class GroundingEngineServiceOptions
{
    /// <summary>
    /// How many engines there are, and so the most images that are grounded at once; who comes later waits its turn. The model itself works
    /// on all cores, so that more than a few wait for each other and only take memory. Default 2.
    /// </summary>
    public int Engines { get; set; } = 2;

    /// <summary>The threshold of the regions, and the names of the model's columns. Default: the defaults.</summary>
    public GroundingEngineOptions Engine { get; set; } = new();

    /// <summary>
    /// Finds the checkpoint that a saved model names, see <see cref="CheckpointLocator.Resolver"/>, which is asked where this is
    /// <see langword="null"/>. Default <see langword="null"/>.
    /// </summary>
    public Func<CheckpointReference, string?>? Resolver { get; set; }

    /// <summary>
    /// The key of the service, for applications with several models: <c>[FromKeyedServices]</c> asks for one of them. Default
    /// <see langword="null"/>: no key.
    /// </summary>
    public object? ServiceKey { get; set; }
}
