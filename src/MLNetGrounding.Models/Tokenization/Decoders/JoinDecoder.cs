namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>Joins all tokens by spaces, where a file names no decoder.</summary>
internal sealed class JoinDecoder : ITokenDecoder
{
    public List<string> Decode(List<string> tokens, bool continues) =>
        [(continues && tokens.Count > 0 ? " " : "") + string.Join(' ', tokens)];
}
