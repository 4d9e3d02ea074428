using System.Text;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>Joins the bytes of all tokens; each bad part of the UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : ITokenDecoder
{
    public List<string> Decode(List<string> tokens, bool continues)
    {
        List<byte> bytes = [];
        foreach (string token in tokens)
        {
            if (token.All(character => ByteAlphabet.ByteOf(character) >= 0))
            {
                bytes.AddRange(token.Select(character => (byte)ByteAlphabet.ByteOf(character)));
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
            }
        }

        return [Encoding.UTF8.GetString([.. bytes])];
    }
}
