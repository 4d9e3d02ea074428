using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Cuts added tokens out of a text: the leftmost, and of those that begin there the longest.</summary>
internal sealed class AddedTokenCutter
{
    /// <summary>By first character, longest first.</summary>
    private readonly Dictionary<int, List<(int[] Form, AddedToken Token)>> _tokens = [];

    /// <param name="tokens">The tokens with the form in which the text holds them.</param>
    public AddedTokenCutter(IEnumerable<(string Form, AddedToken Token)> tokens)
    {
        foreach (
            (string form, AddedToken token) in tokens.Where(token => token.Form.Length > 0).OrderByDescending(token => token.Form.Length)
        )
        {
            int[] characters = AlignedText.CodePoints(form);
            if (!_tokens.TryGetValue(characters[0], out List<(int[], AddedToken)>? sameStart))
            {
                _tokens[characters[0]] = sameStart = [];
            }

            sameStart.Add((characters, token));
        }
    }

    /// <summary>The text in order, cut at the added tokens; what is not one is never empty.</summary>
    public List<(ReadOnlyMemory<AlignedCharacter> Text, AddedToken? Token)> Cut(ReadOnlyMemory<AlignedCharacter> text)
    {
        List<(ReadOnlyMemory<AlignedCharacter>, AddedToken?)> cut = [];
        ReadOnlySpan<AlignedCharacter> characters = text.Span;
        int end = 0;
        for (int at = 0; at < characters.Length && _tokens.Count > 0; )
        {
            (int[] form, AddedToken? token) = Match(characters[at..]);
            if (token is null)
            {
                at++;
                continue;
            }

            // A match that is rejected still uses up its text.
            int first = at;
            int last = at + form.Length;
            at = last;
            if (
                token.IsSingleWord
                && ((first > 0 && IsWord(characters[first - 1])) || (last < characters.Length && IsWord(characters[last])))
            )
            {
                continue;
            }

            while (token.StripsLeft && first > end && CharacterClasses.IsSpace(characters[first - 1].Value))
            {
                first--;
            }

            while (token.StripsRight && last < characters.Length && CharacterClasses.IsSpace(characters[last].Value))
            {
                last++;
            }

            if (first > end)
            {
                cut.Add((text[end..first], null));
            }

            cut.Add((text[first..last], token));
            end = last;
        }

        if (end < characters.Length)
        {
            cut.Add((text[end..], null));
        }

        return cut;
    }

    private static bool IsWord(AlignedCharacter character) => CharacterClasses.IsWordCharacter(character.Value);

    private (int[] Form, AddedToken? Token) Match(ReadOnlySpan<AlignedCharacter> text)
    {
        if (_tokens.TryGetValue(text[0].Value, out List<(int[], AddedToken)>? candidates))
        {
            foreach ((int[] form, AddedToken token) in candidates)
            {
                if (StartsWith(text, form))
                {
                    return (form, token);
                }
            }
        }

        return ([], null);
    }

    private static bool StartsWith(ReadOnlySpan<AlignedCharacter> text, int[] form)
    {
        if (text.Length < form.Length)
        {
            return false;
        }

        for (int index = 1; index < form.Length; index++)
        {
            if (text[index].Value != form[index])
            {
                return false;
            }
        }

        return true;
    }
}
