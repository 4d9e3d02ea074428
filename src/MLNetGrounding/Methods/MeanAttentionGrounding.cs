using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Rollout;

namespace MLNetGrounding;

/// <summary>Methods that take the mean of all heads of some layers: the plain baseline, and ViCrop's relative attention.</summary>
public sealed record MeanAttentionGrounding : GroundingMethod
{
    /// <summary>
    /// How deep the first layer lies, as a share of the layers between 0 and 1, rounded down to a layer; 1 is the last layer. Default 0.
    /// </summary>
    public double FirstLayerDepth { get; init; }

    /// <summary>How deep the last layer lies, inclusive. Default 1: the model's last layer.</summary>
    public double LastLayerDepth { get; init; } = 1;

    /// <summary>
    /// Whether one layer is read instead where the model's family knows the one that ViCrop's code reads in it. Default
    /// <see langword="false"/>.
    /// </summary>
    public bool PrefersPublishedLayer { get; init; }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        OptionChecks.Share(FirstLayerDepth, nameof(FirstLayerDepth));
        OptionChecks.Share(LastLayerDepth, nameof(LastLayerDepth));
        if (LastLayerDepth < FirstLayerDepth)
        {
            throw new ArgumentOutOfRangeException(
                nameof(LastLayerDepth),
                LastLayerDepth,
                $"{nameof(LastLayerDepth)} of method '{Name}' must be at least {nameof(FirstLayerDepth)}, which is {FirstLayerDepth}."
            );
        }
    }

    /// <inheritdoc/>
    protected internal override void GroundQuery(CapturedAttention attention, QueryRole role, int query, Span<float> map)
    {
        int? published = PrefersPublishedLayer ? attention.Model.PublishedLayers.RelativeAttention : null;
        int first = published ?? LayerDepth.Of(FirstLayerDepth, attention.Layers);
        int last = published ?? LayerDepth.Of(LastLayerDepth, attention.Layers);
        int perLayer = attention.Heads * attention.Cells;
        HeadMean.Of(attention.Maps(role, query, Row, Cleaning).Slice(first * perLayer, (last - first + 1) * perLayer), map);
    }
}
