namespace MLNetGrounding.Models.Capture;

/// <summary>The tokens of one query after the image.</summary>
/// <param name="Query">The query.</param>
/// <param name="TokenIds">The tokens.</param>
/// <param name="RowSets">
/// For each of <see cref="PreparedPrompt.Rows"/>, the positions within <paramref name="TokenIds"/> whose attention rows are averaged into a
/// map of the query, ascending.
/// </param>
internal sealed record PreparedSuffix(AttentionQuery Query, IReadOnlyList<int> TokenIds, IReadOnlyList<IReadOnlyList<int>> RowSets)
{
    private readonly IReadOnlyList<int>? _question;

    /// <summary>
    /// Positions of the question's own tokens, without those of the template, ascending; all where the query was given as token ids.
    /// </summary>
    public IReadOnlyList<int> Question
    {
        get => _question ?? [.. Enumerable.Range(0, TokenIds.Count)];
        init => _question = value;
    }

    /// <summary>How many of the last tokens are those of an answer. Default 0.</summary>
    public int AnswerTokens { get; init; }

    /// <summary>The positions whose rows are the map of the query.</summary>
    public IReadOnlyList<int> Rows => RowSets[0];
}
