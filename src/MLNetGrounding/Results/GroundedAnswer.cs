namespace MLNetGrounding;

/// <summary>A question about an image, its answer, and where the model looked for their words.</summary>
public sealed record GroundedAnswer
{
    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>The answer.</summary>
    public required string Text { get; init; }

    /// <summary>The words of <see cref="Text"/> that have maps, in their order.</summary>
    public required IReadOnlyList<GroundedWord> Words { get; init; }

    /// <summary>The words of <see cref="Question"/> that have maps, in their order. Default none.</summary>
    public IReadOnlyList<GroundedWord> QuestionWords { get; init; } = [];

    /// <summary>An answer of a model as it is shown: its tokens joined to words, with the mean of their maps.</summary>
    /// <param name="answer">An answer with <see cref="AnswerOptions.Maps"/>.</param>
    /// <param name="question">The question as text. Default: the query's own, else its name.</param>
    public static GroundedAnswer Of(Answer answer, string? question = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Of(
            question ?? answer.Query.Question ?? answer.Query.Name,
            [.. answer.Tokens.Select(token => token.Text)],
            token => answer.Tokens[token].Map,
            token => answer.Tokens[token].LogProbability
        );
    }

    /// <summary>An answer of which there are the tokens.</summary>
    internal static GroundedAnswer Of(
        string question,
        IReadOnlyList<string> tokens,
        Func<int, IReadOnlyList<float>> mapOf,
        Func<int, double> logProbabilityOf
    )
    {
        string whole = string.Concat(tokens);
        int lead = whole.Length - whole.AsSpan().TrimStart().Length;
        return new GroundedAnswer
        {
            Question = question,
            Text = whole.Trim(),
            Words =
            [
                .. AnswerWord
                    .Join(tokens)
                    .Select(word => new GroundedWord(word.Text, word.Start - lead, word.MeanMap(mapOf))
                    {
                        LogProbability = word.Tokens.Sum(logProbabilityOf),
                    }),
            ],
        };
    }
}
