namespace MLNetGrounding;

/// <summary>A model's answer to one question.</summary>
public sealed record Answer
{
    /// <summary>The question.</summary>
    public required AttentionQuery Query { get; init; }

    /// <summary>
    /// The text as the tokens give it; where a model's answers begin with a space, so does it. Empty without a tokenizer.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>The tokens, without the one that ended the answer.</summary>
    public required IReadOnlyList<AnswerToken> Tokens { get; init; }

    /// <summary>Why the answer ended.</summary>
    public required AnswerEnd End { get; init; }

    /// <summary>The tokens' ids.</summary>
    public IReadOnlyList<int> TokenIds => [.. Tokens.Select(token => token.Id)];

    /// <summary>The answer's words, split at white space, each with its tokens.</summary>
    public IReadOnlyList<AnswerWord> Words => AnswerWord.Join([.. Tokens.Select(token => token.Text)]);
}
