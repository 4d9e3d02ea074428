namespace MLNetGrounding;

/// <summary>What stands before the next token of an answer.</summary>
/// <param name="Query">The query that is answered.</param>
/// <param name="PromptTokenIds">The prompt's tokens, those that stand for the image included.</param>
/// <param name="AnswerTokenIds">The answer's tokens so far.</param>
public sealed record AnswerContext(AttentionQuery Query, IReadOnlyList<int> PromptTokenIds, IReadOnlyList<int> AnswerTokenIds);
