using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Models.Generation;

/// <summary>Turns given answers into the tokens that a model would answer with.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="template">The prompt's template, behind whose end answers stand.</param>
internal sealed class AnswerTokenizer(TextTokenizer tokenizer, string template)
{
    // Stands for a question in prompts that end with it.
    private const string SomeQuestion = "?";

    private readonly string _before = End(template);

    /// <summary>The tokens of an answer.</summary>
    /// <remarks>
    /// Where a prompt ends in a letter or a sign and not in white space or a special token, a space is put before the answer, as models are
    /// trained on.
    /// </remarks>
    /// <exception cref="ArgumentException">The answer is empty or has no token of its own.</exception>
    public IReadOnlyList<int> Encode(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        IReadOnlyList<int> before = tokenizer.Encode(_before, addSpecialTokens: false).Ids;
        bool isJoined =
            char.IsWhiteSpace(_before[^1])
            || (before.Count > 0 && tokenizer.AddedTokens.Any(token => token.Id == before[^1]))
            || answer.StartsWith(' ');
        string whole = _before + (isJoined ? "" : " ") + answer;
        IReadOnlyList<int> ids = tokenizer.Encode(whole, addSpecialTokens: false).Ids;

        // A tokenizer may join the prompt's end with what follows; the answer then stands alone.
        bool continues = ids.Count > before.Count && ids.Take(before.Count).SequenceEqual(before);
        IReadOnlyList<int> own = continues ? [.. ids.Skip(before.Count)] : tokenizer.Encode(answer, addSpecialTokens: false).Ids;
        return own.Count > 0 && answer.AsSpan().Trim().Length > 0
            ? own
            : throw new ArgumentException($"The answer \"{answer}\" has no tokens; at least one word was expected.", nameof(answer));
    }

    private static string End(string template) =>
        PromptTemplate.TryParse(template, out PromptTemplate? parsed) && parsed.AfterQuestion.Length > 0
            ? parsed.AfterQuestion
            : SomeQuestion;
}
