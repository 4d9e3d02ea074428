using System.Text.Json.Serialization;
using MLNetGrounding.Models.Abstractions;

namespace MLNetGrounding;

/// <summary>What the rest of the library knows of a model, whatever its family: numbers and sizes, no weights.</summary>
public sealed record ModelInfo
{
    /// <summary>The family: <c>model_type</c> of <c>config.json</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Number of decoder layers, L.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of attention heads of each decoder layer, H.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the decoder's hidden states and of a visual token, D.</summary>
    public required int Width { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The grid of cells that maps have where nothing else is asked for.</summary>
    public required MapGrid Grid { get; init; }

    /// <summary>Whether every image has <see cref="Grid"/>; otherwise <see cref="CaptureOptions.Grid"/> chooses another.</summary>
    public required bool HasFixedGrid { get; init; }

    /// <summary>Whether images can be cut into tiles, see <see cref="CaptureOptions.Tiles"/>.</summary>
    public bool HasTiles { get; init; }

    /// <summary>The most tokens of a prompt, visual ones included.</summary>
    public required int LongestPrompt { get; init; }

    /// <summary>The layers that publications chose in this model by hand. Default: none.</summary>
    [JsonInclude]
    internal PublishedLayers PublishedLayers { get; init; } = new();

    /// <summary>What is added to the mean square of hidden states in the decoder's norms.</summary>
    [JsonInclude]
    internal double NormEpsilon { get; init; } = 1e-6;

    /// <summary>The id that stands for visual tokens in a prompt.</summary>
    [JsonInclude]
    internal int ImageTokenId { get; init; }
}
