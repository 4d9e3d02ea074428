using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;
using MLNetGrounding.Models.Tokenization.Normalizers;

namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>Writes a text for every match of a pattern in a token.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : ITokenDecoder
{
    private readonly ReplaceNormalizer _replace = new(pattern, content);

    public List<string> Decode(List<string> tokens, bool continues) =>
        tokens.ConvertAll(token => AlignedText.ToText(_replace.Normalize(AlignedText.Of(token)).Span));
}
