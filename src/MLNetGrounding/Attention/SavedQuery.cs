using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Attention;

/// <summary>A query as a saved model holds it.</summary>
internal sealed record SavedQuery
{
    /// <summary>The query, with its token ids.</summary>
    public required AttentionQuery Query { get; init; }

    /// <summary>For each of <see cref="SavedCapture.Rows"/>, the positions within the token ids that are read.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> RowSets { get; init; }

    /// <summary>Positions of the question's own tokens; empty in models that were saved without them: all.</summary>
    public IReadOnlyList<int> Question { get; init; } = [];

    public static SavedQuery Of(PreparedSuffix suffix) =>
        new()
        {
            Query = suffix.Query with { TokenIds = suffix.TokenIds, TokenPositions = suffix.Rows },
            RowSets = suffix.RowSets,
            Question = suffix.Question,
        };

    /// <exception cref="SavedModelException">There are not as many sets of rows as expected, or one names no token.</exception>
    public PreparedSuffix ToSuffix(int rows)
    {
        int tokens = Query.TokenIds?.Count ?? 0;
        bool fits =
            RowSets.Count == rows
            && rows > 0
            && RowSets.All(set => set is { Count: > 0 } && IsAscending(set, tokens))
            && IsAscending(Question, tokens);
        if (fits)
        {
            PreparedSuffix suffix = new(Query, Query.TokenIds!, RowSets);
            return Question.Count > 0 ? suffix with { Question = Question } : suffix;
        }

        throw new SavedModelException(
            $"The saved model reads rows of query '{Query.Name}' that are not among its {tokens} tokens, or not {rows} sets of them."
        );
    }

    private static bool IsAscending(IReadOnlyList<int> positions, int tokens)
    {
        int previous = -1;
        return positions.All(position => position > previous && (previous = position) < tokens);
    }
}
