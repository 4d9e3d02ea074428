using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>The slow, obvious way: one forward pass per query over its whole sequence, every attention matrix kept.</summary>
internal static class EagerTwin
{
    /// <summary>Attention <c>[layers][heads, n, n]</c> and logits <c>[n, vocabulary]</c> of prefix, picture and one query's tokens.</summary>
    public static (Tensor[] Attention, Tensor Logits) Run(LlavaNetwork network, float[] pixels, IReadOnlyList<int> prefix, IReadOnlyList<int> suffix)
    {
        LlavaConfiguration configuration = network.Configuration;
        int size = configuration.ImageSize;
        Tensor Embed(IReadOnlyList<int> ids) => network.Language.Embed(tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Count]));
        Tensor hidden = cat([Embed(prefix), network.EncodeImages(tensor(pixels, [1, 3, size, size])), Embed(suffix)], 1);
        int tokens = (int)hidden.shape[1];
        RotaryTable positions = new([.. Enumerable.Range(0, tokens)], configuration, ScalarType.Float32, CPU);
        Tensor causal = full(tokens, tokens, float.NegativeInfinity).triu(1);
        Tensor[] attention = new Tensor[configuration.TextLayers];
        for (int layer = 0; layer < attention.Length; layer++)
        {
            LlamaLayer weights = network.Language.Layers[layer];
            Tensor normed = weights.Normalize(hidden);
            (Tensor query, Tensor key) = weights.QueryKey(normed, positions);
            key = GroupedHeads.Repeat(key, configuration.TextHeads);
            Tensor value = GroupedHeads.Repeat(weights.Value(normed), configuration.TextHeads);
            Tensor scale = tensor((float)(1 / Math.Sqrt(configuration.TextHeadSize)));
            Tensor probabilities = (matmul(query, key.transpose(-1, -2)) * scale).Plus(causal).softmax(-1);
            attention[layer] = probabilities.squeeze(0);
            hidden = weights.Complete(hidden, matmul(probabilities, value));
        }

        return (attention, network.Language.Logits(hidden).squeeze(0));
    }
}
