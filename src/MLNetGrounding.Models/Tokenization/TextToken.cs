namespace MLNetGrounding;

/// <summary>A token and the part of the text that it stands for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">
/// Its text in the vocabulary, where a space may be written <c>Ġ</c> or <c>▁</c> and a byte <c>&lt;0x0A&gt;</c>; for an added token the
/// text that was cut out, with the white space that belongs to it.
/// </param>
/// <param name="Start">Index of its first UTF-16 unit in the text; 0 for a token that was put around the text.</param>
/// <param name="End">Index after its last UTF-16 unit; 0 for a token that was put around the text. A surrogate pair is never
/// halved.</param>
public readonly record struct TextToken(int Id, string Text, int Start, int End);
