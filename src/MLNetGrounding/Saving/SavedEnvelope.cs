using System.Text.Json;

namespace MLNetGrounding.Saving;

/// <summary>The text of one component in a saved model.</summary>
internal sealed record SavedEnvelope
{
    /// <summary>The component's name, see <see cref="SavedComponent.Name"/>.</summary>
    public required string Component { get; init; }

    /// <summary>The version of the settings.</summary>
    public required int Version { get; init; }

    /// <summary>The version of this library that saved the component, for messages.</summary>
    public required string Writer { get; init; }

    /// <summary>The settings.</summary>
    public required JsonElement Settings { get; init; }
}
