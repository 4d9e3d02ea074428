using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Language;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>One checkpoint of the families.</summary>
internal sealed record QwenVlSettings
{
    /// <summary><c>model_type</c> of <c>config.json</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>The vision tower.</summary>
    public required QwenVisionSettings Vision { get; init; }

    /// <summary>The language model.</summary>
    public required DecoderSettings Text { get; init; }

    /// <summary>The setting that states the decoder's number of layers.</summary>
    public required string TextLayersSetting { get; init; }

    /// <summary>The id that stands for visual tokens in a prompt.</summary>
    public required int ImageTokenId { get; init; }

    /// <summary>The decoder's layers that publications chose by hand.</summary>
    public PublishedLayers PublishedLayers { get; init; } = new();
}
