namespace MLNetGrounding.Extensions.Chat;

/// <summary>Makes an answer of given tokens, and then of the first of them again and again.</summary>
internal sealed class ForcedAnswer(IReadOnlyList<int> tokens) : ILogitsProcessor
{
    /// <summary>The tokens of a text, one a character, in a checkpoint folder.</summary>
    public static ForcedAnswer Of(string directory, string text)
    {
        var tokenizer = TextTokenizer.Open(directory);
        return new ForcedAnswer([.. text.Select(character => tokenizer.IdOf(character == ' ' ? "▁" : $"{character}")!.Value)]);
    }

    public void Process(Span<float> logits, AnswerContext context)
    {
        int at = context.AnswerTokenIds.Count;
        int token = at < tokens.Count ? tokens[at] : tokens[0];
        float kept = logits[token];
        logits.Fill(float.NegativeInfinity);
        logits[token] = kept;
    }
}
