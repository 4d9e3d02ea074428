namespace MLNetGrounding.Models.Generation;

/// <summary>A piece of an answer, as far as it bears on places.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The letters of a word, in lower case.</param>
/// <param name="Number">The value of a number.</param>
internal readonly record struct PlaceToken(PlaceTokenKind Kind, string Text = "", double Number = 0);
