namespace MLNetGrounding;

/// <summary>Why an answer ended.</summary>
public enum AnswerEnd
{
    /// <summary>
    /// The model gave one of <see cref="VisionLanguageModel.EndTokenIds"/>, or one of <see cref="AnswerOptions.StopTokenIds"/>.
    /// </summary>
    EndToken,

    /// <summary>The answer has <see cref="AnswerOptions.MaximumTokens"/> tokens.</summary>
    MaximumTokens,

    /// <summary>Prompt and answer are as long as the model's longest sequence, <see cref="ModelInfo.LongestPrompt"/>.</summary>
    Context,

    /// <summary>No token could be chosen: the model's output is not finite, or logits processors barred every token.</summary>
    NoToken,
}
