namespace MLNetGrounding.Models.Prompts;

/// <summary>A question that was asked before, and what it was answered with.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer.</param>
/// <param name="HasImage">Whether the image came with it.</param>
internal sealed record ChatTurn(string Question, string Answer, bool HasImage);
