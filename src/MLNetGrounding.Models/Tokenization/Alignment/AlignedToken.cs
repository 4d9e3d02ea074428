namespace MLNetGrounding.Models.Tokenization.Alignment;

/// <summary>A token, with the characters of the original that it stands for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text in the vocabulary.</param>
/// <param name="Start">Index of the original's first character, counted in code points.</param>
/// <param name="End">Index after the original's last character.</param>
internal readonly record struct AlignedToken(int Id, string Text, int Start, int End);
