using MLNetGrounding.Maths.Rollout;

namespace MLNetGrounding.Models.Capture;

/// <summary>The heads in which attention is amplified.</summary>
internal sealed class AmplifiedHeads
{
    private readonly bool[][] _heads;

    public AmplifiedHeads(AttentionAmplification amplification, ModelInfo model)
    {
        int first = LayerDepth.Of(amplification.FirstLayerDepth, model.Layers);
        _heads =
        [
            .. Enumerable
                .Range(0, model.Layers)
                .Select(layer =>
                    amplification.Heads is { } chosen
                        ? [.. Enumerable.Range(0, model.Heads).Select(head => chosen.Any(each => each.Layer == layer && each.Head == head))]
                        : (bool[])[.. Enumerable.Repeat(layer >= first, model.Heads)]
                ),
        ];
    }

    /// <summary>For each head of a layer whether it is amplified.</summary>
    public bool[] Of(int layer) => _heads[layer];

    /// <summary>Whether any head of a layer is amplified.</summary>
    public bool AnyOf(int layer) => _heads[layer].Contains(true);
}
