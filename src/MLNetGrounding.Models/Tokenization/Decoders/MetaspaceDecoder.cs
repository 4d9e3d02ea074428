namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>Writes spaces for the visible character, and nothing for those of the first token where one was put in front.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool prepended) : ITokenDecoder
{
    public List<string> Decode(List<string> tokens, bool continues) =>
        [
            .. tokens.Select(
                (token, index) => token.Replace(replacement, index == 0 && prepended && !continues ? "" : " ", StringComparison.Ordinal)
            ),
        ];
}
