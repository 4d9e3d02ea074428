using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Which scores an <see cref="AttentionAmplification"/> raises in one image, and by how much.</summary>
/// <param name="Bias">What is added.</param>
/// <param name="Heads">The heads.</param>
/// <param name="ImageStart">Position of the first visual token.</param>
/// <param name="Cells">The cells, <c>[gridHeight, gridWidth]</c>.</param>
/// <param name="Tokens">Which visual tokens show them, <c>[visualTokens]</c>.</param>
/// <param name="Queries">The queries whose tokens look.</param>
internal sealed record AmplifiedTokens(
    float Bias,
    AmplifiedHeads Heads,
    int ImageStart,
    bool[] Cells,
    bool[] Tokens,
    IReadOnlySet<int> Queries
)
{
    /// <summary>The same for some of the queries, or for each of them several times, in their order.</summary>
    public AmplifiedTokens Of(IReadOnlyList<int> queries) =>
        this with
        {
            Queries = Enumerable.Range(0, queries.Count).Where(index => Queries.Contains(queries[index])).ToHashSet(),
        };

    /// <summary>
    /// Adds the bias to the scores of one token in a head that is amplified; the first score is that of the sequence's first token.
    /// </summary>
    public void AddTo(Span<float> scores, int query)
    {
        if (!Queries.Contains(query))
        {
            return;
        }

        for (int token = 0; token < Tokens.Length; token++)
        {
            scores[ImageStart + token] += Tokens[token] ? Bias : 0;
        }
    }

    /// <summary>What is added to scores in one layer, from what is added in a head that is not amplified and in one that is.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="plain">Added in other heads, <c>[..., keys]</c>.</param>
    /// <param name="raised">Added in the amplified heads, alike.</param>
    /// <param name="heads">The heads that are looked at; <see langword="null"/> for all of the layer.</param>
    /// <returns>One of the two where all heads are alike, otherwise a tensor of one more dimension, <c>[heads, ..., keys]</c>.</returns>
    public Tensor Choose(int layer, Tensor plain, Tensor raised, IReadOnlyList<int>? heads = null)
    {
        bool[] chosen = Heads.Of(layer);
        bool[] looked = heads is null ? chosen : [.. heads.Select(head => chosen[head])];
        if (Array.TrueForAll(looked, head => head))
        {
            return raised;
        }

        if (!looked.Contains(true))
        {
            return plain;
        }

        long[] shape = [looked.Length, .. Enumerable.Repeat(1L, (int)raised.dim())];
        return where(tensor(looked, shape, device: raised.device), raised, plain);
    }
}
