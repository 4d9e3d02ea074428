using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>One checkpoint of the family.</summary>
internal sealed record InternVlSettings
{
    /// <summary>Added to the variance in the projector's norm; no file says it.</summary>
    public const double ProjectorNormEpsilon = 1e-5;

    /// <summary>The vision tower.</summary>
    public required VisionTransformerSettings Vision { get; init; }

    /// <summary>The language model.</summary>
    public required DecoderSettings Text { get; init; }

    /// <summary>Which hidden state of the tower is projected: 0 is what the first layer reads, k what layer k gives.</summary>
    public required int FeatureState { get; init; }

    /// <summary>How many patches along a side make one visual token.</summary>
    public required int Factor { get; init; }

    /// <summary>The function between the projector's layers.</summary>
    public required Activation ProjectorActivation { get; init; }

    /// <summary>The id that stands for visual tokens in a prompt.</summary>
    public required int ImageTokenId { get; init; }

    /// <summary>Visual tokens along a side of a view.</summary>
    public int Cells => Vision.Side / Factor;
}
