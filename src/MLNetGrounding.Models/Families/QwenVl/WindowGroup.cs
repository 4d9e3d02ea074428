namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>Windows of one size, side by side: they are attended as one batch.</summary>
/// <param name="Start">The first token.</param>
/// <param name="Windows">Number of windows.</param>
/// <param name="Tokens">Tokens of each.</param>
internal sealed record WindowGroup(int Start, int Windows, int Tokens);
