namespace MLNetGrounding.Models.Prompts;

/// <summary>The forms of a chat's parts, each of which follows the one before it directly.</summary>
/// <param name="ImageQuestion">
/// A question that comes with the image, with <c>&lt;image&gt;</c> and after it <c>{question}</c> where they stand.
/// </param>
/// <param name="Question">A question without one, with <c>{question}</c>.</param>
/// <param name="Answer">An answer that was given, with <c>{answer}</c>.</param>
/// <param name="Ask">What the next answer follows.</param>
internal sealed record PromptDialogue(string ImageQuestion, string Question, string Answer, string Ask)
{
    private const string AnswerPlaceholder = "{answer}";

    /// <summary>The end of a prompt that asks about an image and nothing before: what tells which dialogue a template belongs to.</summary>
    public string End => ImageQuestion + Ask;

    /// <summary>The prompt of a chat that goes on.</summary>
    /// <param name="template">The prompt of its first question, which ends with <see cref="End"/>.</param>
    /// <param name="earlier">
    /// What was asked and answered before; the image came with one of these questions or comes with the next one.
    /// </param>
    public PromptTemplate Continue(string template, IReadOnlyList<ChatTurn> earlier)
    {
        string begin = template[..^End.Length];
        (string beforeImage, string afterImage) = Cut(ImageQuestion, GroundingProfile.ImagePlaceholder);
        int shown = earlier.ToList().FindIndex(turn => turn.HasImage);
        if (shown < 0)
        {
            (string before, string after) = Cut(afterImage, GroundingProfile.QuestionPlaceholder);
            return new PromptTemplate(begin + string.Concat(earlier.Select(Turn)) + beforeImage, before, after + Ask);
        }

        (string beforeQuestion, string afterQuestion) = Cut(Question, GroundingProfile.QuestionPlaceholder);
        return new PromptTemplate(
            begin + string.Concat(earlier.Take(shown).Select(Turn)) + beforeImage,
            Asked(afterImage, earlier[shown]) + string.Concat(earlier.Skip(shown + 1).Select(Turn)) + beforeQuestion,
            afterQuestion + Ask
        );
    }

    private string Turn(ChatTurn turn) => Asked(Question, turn);

    private string Asked(string form, ChatTurn turn)
    {
        (string beforeQuestion, string afterQuestion) = Cut(form, GroundingProfile.QuestionPlaceholder);
        (string beforeAnswer, string afterAnswer) = Cut(Answer, AnswerPlaceholder);

        // Joined, not replaced: what people write may hold anything.
        return beforeQuestion + turn.Question + afterQuestion + beforeAnswer + turn.Answer + afterAnswer;
    }

    private static (string Before, string After) Cut(string form, string placeholder)
    {
        int at = form.IndexOf(placeholder, StringComparison.Ordinal);
        return (form[..at], form[(at + placeholder.Length)..]);
    }
}
