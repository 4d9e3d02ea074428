using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using MLNetGrounding.Samples.Checkpoints;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>The slow, obvious way: one forward pass per query over its whole sequence, every attention matrix kept.</summary>
internal static class EagerTwin
{
    /// <summary>Attention <c>[layers][heads, n, n]</c> and logits of prefix, picture and one query's tokens.</summary>
    /// <param name="network">The model.</param>
    /// <param name="pixels">The picture, normalized.</param>
    /// <param name="prefix">The tokens before the picture.</param>
    /// <param name="suffix">The query's tokens.</param>
    /// <param name="type">The type of hidden states.</param>
    /// <param name="lastLogits">Whether only the last token's logits are wanted, <c>[1, vocabulary]</c>, not all tokens', <c>[n, vocabulary]</c>.</param>
    public static (Tensor[] Attention, Tensor Logits) Run(
        LlavaNetwork network, float[] pixels, IReadOnlyList<int> prefix, IReadOnlyList<int> suffix, ScalarType type = ScalarType.Float32, bool lastLogits = false)
    {
        LlavaShape configuration = network.Configuration;
        int size = configuration.ImageSize;
        Tensor Embed(IReadOnlyList<int> ids) => network.Language.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count])).to(type);
        Tensor hidden = cat([Embed(prefix), network.EncodeImages(tensor(pixels, [1, 3, size, size]).to(type)), Embed(suffix)], 1);
        int tokens = (int)hidden.shape[1];
        RotaryTable positions = new([.. Enumerable.Range(0, tokens)], configuration, type, CPU);
        Tensor causal = full(tokens, tokens, float.NegativeInfinity).triu(1).to(type);
        Tensor scale = tensor((float)(1 / Math.Sqrt(configuration.TextHeadSize))).to(type);
        Tensor[] attention = new Tensor[configuration.TextLayers];
        for (int layer = 0; layer < attention.Length; layer++)
        {
            LlamaLayer weights = network.Language.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, positions);
            key = GroupedHeads.Repeat(key, configuration.TextHeads);
            Tensor value = GroupedHeads.Repeat(weights.Value(normed), configuration.TextHeads);
            Tensor probabilities = (matmul(query, key.transpose(-1, -2)) * scale).Plus(causal).softmax(-1, ScalarType.Float32).to(type);
            attention[layer] = probabilities.squeeze(0);
            hidden = weights.Complete(hidden, matmul(probabilities, value));
        }

        return (attention, network.Language.Logits(lastLogits ? hidden.narrow(1, tokens - 1, 1) : hidden).squeeze(0));
    }
}
