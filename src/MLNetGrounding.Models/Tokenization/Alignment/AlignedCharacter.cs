namespace MLNetGrounding.Models.Tokenization.Alignment;

/// <summary>A character of normalized text, with the characters of the original that it stands for.</summary>
/// <param name="Value">The code point.</param>
/// <param name="Start">Index of the original's first character, counted in code points.</param>
/// <param name="End">Index after the original's last character.</param>
internal readonly record struct AlignedCharacter(int Value, int Start, int End);
