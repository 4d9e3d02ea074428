namespace MLNetGrounding.Models.Tokenization.Characters;

/// <summary>A stretch of characters that a pattern matches, or one between two matches.</summary>
/// <param name="Start">Index of the first character.</param>
/// <param name="End">Index after the last one.</param>
/// <param name="IsMatch">Whether the pattern matches it.</param>
internal readonly record struct PatternMatch(int Start, int End, bool IsMatch);
