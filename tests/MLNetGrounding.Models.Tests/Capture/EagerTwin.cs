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
    /// <param name="heads">Its number of heads.</param>
    /// <param name="image">The image, all of whose tokens are visual ones with one position each.</param>
    /// <param name="prefix">The tokens before the image.</param>
    /// <param name="suffix">The query's tokens.</param>
    /// <param name="type">The type of hidden states.</param>
    /// <param name="lastLogits">Whether only the last token's logits are wanted, <c>[1, vocabulary]</c>, not all tokens', <c>[n, vocabulary]</c>.</param>
    public static (Tensor[] Attention, Tensor Logits) Run(
        IModelNetwork network, int heads, PreparedImage image, IReadOnlyList<int> prefix, IReadOnlyList<int> suffix, ScalarType type = ScalarType.Float32, bool lastLogits = false)
    {
        IDecoder decoder = network.Decoder;
        Tensor Embed(IReadOnlyList<int> ids) => decoder.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count])).to(type);
        Tensor features = network.Encode(tensor(image.Values, image.Shape).to(type), image).Features.unsqueeze(0);
        Tensor hidden = cat([Embed(prefix), features, Embed(suffix)], 1);
        int tokens = (int)hidden.shape[1];
        IRotation rotation = decoder.Rotation([[.. Enumerable.Range(0, tokens)]], type, CPU);
        Tensor causal = full(tokens, tokens, float.NegativeInfinity).triu(1).to(type);
        Tensor scale = tensor((float)decoder.AttentionScale).to(type);
        Tensor[] attention = new Tensor[decoder.Layers.Count];
        for (int layer = 0; layer < attention.Length; layer++)
        {
            IDecoderLayer weights = decoder.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, rotation);
            key = GroupedHeads.Repeat(key, heads);
            Tensor value = GroupedHeads.Repeat(weights.Value(normed), heads);
            Tensor probabilities = (matmul(query, key.transpose(-1, -2)) * scale).Plus(causal).softmax(-1, ScalarType.Float32).to(type);
            attention[layer] = probabilities.squeeze(0);
            hidden = weights.Complete(hidden, matmul(probabilities, value));
        }

        return (attention, decoder.Logits(lastLogits ? hidden.narrow(1, tokens - 1, 1) : hidden).squeeze(0));
    }
}
