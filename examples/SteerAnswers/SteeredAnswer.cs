namespace SteerAnswers;

/// <summary>What a model answered under one steering.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="IsRight">Whether it is one of the part's colors.</param>
/// <param name="Probability">The probability that the answer is one of them.</param>
internal sealed record SteeredAnswer(string Answer, bool IsRight, double Probability);
