using MLNetGrounding.Models.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Sends tokens through the layers of a decoder, one layer after the other: the one loop of questions and answers.</summary>
internal static class DecoderPass
{
    /// <summary>Runs layers.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="hidden">Hidden states <c>[1, tokens, width]</c> of the caller's dispose scope; disposed after the first layer.</param>
    /// <param name="rotation">The tokens' positions.</param>
    /// <param name="layers">How many layers are run.</param>
    /// <param name="completes">Whether the last of them is completed; otherwise nothing but its queries and keys is computed.</param>
    /// <param name="pass">What attends to what.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>The last completed layer's output, of the caller's dispose scope.</returns>
    public static Tensor Run(
        IDecoder decoder,
        Tensor hidden,
        IRotation rotation,
        int layers,
        bool completes,
        ILayerPass pass,
        CancellationToken cancellationToken
    )
    {
        for (int layer = 0; layer < layers; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            IDecoderLayer weights = decoder.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, rotation);
            Tensor? value = completes || layer < layers - 1 ? weights.Value(normed) : null;
            if (pass.Attend(layer, new LayerTensors(hidden, query, key, value, scope)) is { } attended)
            {
                Tensor next = pass.Completed(layer, weights.Complete(hidden, attended)).MoveToOuterDisposeScope();

                // Nothing looks back beyond a layer but at its keys and values.
                hidden.Dispose();
                hidden = next;
            }
        }

        return hidden;
    }
}
