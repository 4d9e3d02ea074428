using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Encodes text from which added tokens were cut that are looked for in raw text.</summary>
internal interface ITextEncoder
{
    /// <summary>Adds the tokens of a text that is not empty.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cutAddedTokens">Whether added tokens that are looked for in normalized text are cut out.</param>
    /// <param name="tokens">Takes the tokens.</param>
    void Encode(ReadOnlyMemory<AlignedCharacter> text, bool cutAddedTokens, List<AlignedToken> tokens);

    /// <summary>An added token that <see cref="Encode"/> would cut out, or <see langword="null"/>.</summary>
    AddedToken? FindAddedToken(ReadOnlyMemory<AlignedCharacter> text);
}
