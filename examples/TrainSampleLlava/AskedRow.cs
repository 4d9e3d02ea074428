namespace TrainSampleLlava;

/// <summary>A row of the packed questions that predicts an answer or an end.</summary>
/// <param name="Position">Its place in the suffix.</param>
/// <param name="Word">The place of its word in <see cref="Subject.Words"/>.</param>
/// <param name="Form">What precedes it.</param>
internal readonly record struct AskedRow(int Position, int Word, AnswerForm Form)
{
    /// <summary>Whether the answer is to end here.</summary>
    public bool IsEnd => Form is AnswerForm.PromptEnd or AnswerForm.QuestionEnd;
}
