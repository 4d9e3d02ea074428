using Microsoft.ML.Runtime;

namespace MLNetGrounding.Saving;

/// <summary>Where a component is being loaded.</summary>
/// <param name="Environment">The environment that loads it, with the settings of the running machine.</param>
/// <param name="Folder">The folder of the zip, or <see langword="null"/> where it is read from no file.</param>
internal sealed record SavedModelOrigin(IHostEnvironment Environment, string? Folder)
{
    /// <summary>What was given with this one loading to find checkpoints; else <see cref="CheckpointLocator.Resolver"/> is asked.</summary>
    public Func<CheckpointReference, string?>? Resolver { get; init; }
}
