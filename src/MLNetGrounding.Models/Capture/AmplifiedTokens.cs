namespace MLNetGrounding.Models.Capture;

/// <summary>Which scores an <see cref="AttentionAmplification"/> raises in one image, and by how much.</summary>
/// <param name="Bias">What is added.</param>
/// <param name="FirstLayer">The first layer, from 0.</param>
/// <param name="ImageStart">Position of the first visual token.</param>
/// <param name="Cells">The cells, <c>[gridHeight, gridWidth]</c>.</param>
/// <param name="Tokens">Which visual tokens show them, <c>[visualTokens]</c>.</param>
/// <param name="Queries">The queries whose tokens look.</param>
internal sealed record AmplifiedTokens(float Bias, int FirstLayer, int ImageStart, bool[] Cells, bool[] Tokens, IReadOnlySet<int> Queries)
{
    /// <summary>The same for some of the queries, or for each of them several times, in their order.</summary>
    public AmplifiedTokens Of(IReadOnlyList<int> queries) =>
        this with
        {
            Queries = Enumerable.Range(0, queries.Count).Where(index => Queries.Contains(queries[index])).ToHashSet(),
        };

    /// <summary>Adds the bias to one token's scores, the first of which is that of the sequence's first token.</summary>
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
}
