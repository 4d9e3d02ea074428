namespace MLNetGrounding;

/// <summary>What <see cref="VisionLanguageModel.AnswerAsync"/> streams: one more token of an answer, or its end.</summary>
public sealed record AnswerUpdate
{
    /// <summary>Index into <see cref="PreparedPrompt.Queries"/>.</summary>
    public required int Query { get; init; }

    /// <summary>The token, or <see langword="null"/> where the answer ends.</summary>
    public AnswerToken? Token { get; init; }

    /// <summary>
    /// The text that became complete: the token's, or at the end what was held back. All of an answer's together are its text, but where
    /// its tokens are bytes that make no characters, which only the whole shows.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>Why the answer ended, or <see langword="null"/> where it goes on.</summary>
    public AnswerEnd? End { get; init; }
}
