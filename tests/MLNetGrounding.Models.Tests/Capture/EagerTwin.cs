using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>The slow, obvious way: one forward pass per query over its whole sequence, every attention matrix kept.</summary>
internal static class EagerTwin
{
    /// <summary>Attention <c>[layers][heads, n, n]</c> and logits of prefix, image and one query's tokens.</summary>
    /// <param name="network">The model.</param>
    /// <param name="model">Its numbers.</param>
    /// <param name="image">The image.</param>
    /// <param name="prefix">The tokens before the image.</param>
    /// <param name="suffix">The query's tokens.</param>
    /// <param name="type">The type of hidden states.</param>
    /// <param name="lastLogits">Whether only the last token's logits are wanted, <c>[1, vocabulary]</c>, not all tokens', <c>[n,
    /// vocabulary]</c>.</param>
    /// <param name="edit">Is given a layer and its scores before the softmax, <c>[heads, n, n]</c>, to be changed in place.</param>
    public static (Tensor[] Attention, Tensor Logits) Run(
        IModelNetwork network,
        ModelInfo model,
        PreparedImage image,
        IReadOnlyList<int> prefix,
        IReadOnlyList<int> suffix,
        ScalarType type = ScalarType.Float32,
        bool lastLogits = false,
        Action<int, Tensor>? edit = null
    )
    {
        IDecoder decoder = network.Decoder;
        EncodedImage encoded = network.Encode(tensor(image.Values, image.Shape).to(type), image);
        int[] ids = [.. prefix, .. image.Span.Before, .. image.Span.Ids, .. suffix];
        int start = prefix.Count + image.Span.Before.Count;
        int tokens = ids.Length;
        Tensor visual = tensor(
            Enumerable
                .Range(start, image.Span.Ids.Count)
                .Where(token => ids[token] == model.ImageTokenId)
                .Select(token => (long)token)
                .ToArray()
        );
        Tensor hidden = decoder
            .Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, tokens]))
            .to(type)
            .index_copy(1, visual, encoded.Features.unsqueeze(0));
        int[][] positions =
        [
            .. Enumerable
                .Range(0, decoder.PositionAxes)
                .Select(axis => Enumerable.Range(0, tokens).Select(token => Position(image.Span, token - start, axis) + start).ToArray()),
        ];
        IRotation rotation = decoder.Rotation(positions, type, CPU);
        Tensor causal = full(tokens, tokens, float.NegativeInfinity).triu(1).to(type);
        Tensor scale = tensor((float)decoder.AttentionScale).to(type);
        var attention = new Tensor[decoder.Layers.Count];
        for (int layer = 0; layer < attention.Length; layer++)
        {
            IDecoderLayer weights = decoder.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, rotation);
            key = GroupedHeads.Repeat(key, model.Heads);
            Tensor value = GroupedHeads.Repeat(weights.Value(normed), model.Heads);
            Tensor scores = matmul(query, key.transpose(-1, -2)) * scale;
            edit?.Invoke(layer, scores.squeeze(0));
            Tensor probabilities = scores.Plus(causal).softmax(-1, ScalarType.Float32).to(type);
            attention[layer] = probabilities.squeeze(0);
            hidden = weights.Complete(hidden, matmul(probabilities, value));
            if (layer < encoded.LayerFeatures.Count)
            {
                hidden = hidden.Plus(zeros_like(hidden).index_copy(1, visual, encoded.LayerFeatures[layer].unsqueeze(0)));
            }
        }

        return (attention, decoder.Logits(lastLogits ? hidden.narrow(1, tokens - 1, 1) : hidden).squeeze(0));
    }

    /// <summary>Position of a token on an axis, less that of the first of the image.</summary>
    private static int Position(ImageSpan image, int token, int axis) =>
        token >= image.Ids.Count ? token - image.Ids.Count + image.Advance
        : token >= 0 && image.Offsets is { } offsets ? offsets[axis][token]
        : token;
}
