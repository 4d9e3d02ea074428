using System.Text;

namespace MLNetGrounding.Models.Tokenization.Decoders;

/// <summary>Takes a character off the ends of a token.</summary>
/// <param name="content">The character.</param>
/// <param name="start">How often at the start, at most.</param>
/// <param name="stop">How often at the end, at most.</param>
/// <param name="wholeText">Whether a step before has joined the tokens, so that these are the ends of the text.</param>
internal sealed class StripDecoder(Rune content, int start, int stop, bool wholeText) : ITokenDecoder
{
    private readonly string _content = content.ToString();

    public List<string> Decode(List<string> tokens, bool continues) =>
        tokens.ConvertAll(token => Strip(token, wholeText && continues ? 0 : start));

    private string Strip(string token, int most)
    {
        int from = 0;
        for (int count = 0; count < most && string.CompareOrdinal(token, from, _content, 0, _content.Length) == 0; count++)
        {
            from += _content.Length;
        }

        int to = token.Length;
        for (
            int count = 0;
            count < stop
                && to - _content.Length >= from
                && string.CompareOrdinal(token, to - _content.Length, _content, 0, _content.Length) == 0;
            count++
        )
        {
            to -= _content.Length;
        }

        return token[from..to];
    }
}
