using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>One checkpoint of the family.</summary>
internal sealed record SmolVlmSettings
{
    /// <summary>The value of <c>model_type</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>The vision tower.</summary>
    public required VisionTransformerSettings Vision { get; init; }

    /// <summary>The language model.</summary>
    public required DecoderSettings Text { get; init; }

    /// <summary>How many patches along a side make one visual token.</summary>
    public required int Factor { get; init; }

    /// <summary>The id that stands for visual tokens in a prompt.</summary>
    public required int ImageTokenId { get; init; }

    /// <summary>Visual tokens along a side of a view.</summary>
    public int Cells => Vision.Side / Factor;
}
