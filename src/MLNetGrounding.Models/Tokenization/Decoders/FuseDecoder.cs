namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>Joins all tokens.</summary>
internal sealed class FuseDecoder : ITokenDecoder
{
    public List<string> Decode(List<string> tokens, bool continues) => [string.Concat(tokens)];
}
