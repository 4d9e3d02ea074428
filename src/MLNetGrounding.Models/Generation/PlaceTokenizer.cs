using System.Globalization;

namespace MLNetGrounding.Models.Generation;

/// <summary>Cuts an answer into numbers, brackets and words; quotes and white space are left out.</summary>
internal static class PlaceTokenizer
{
    // Full-width forms, which answers in Chinese and Japanese may have, lie this far above ASCII.
    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';
    private const int FullWidthShift = FirstFullWidth - '!';

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isComplete">Whether a number at its very end is read.</param>
    public static List<PlaceToken> Cut(string text, bool isComplete)
    {
        string narrow = string.Create(
            text.Length,
            text,
            (characters, source) =>
            {
                for (int index = 0; index < characters.Length; index++)
                {
                    char character = source[index];
                    characters[index] = character is >= FirstFullWidth and <= LastFullWidth
                        ? (char)(character - FullWidthShift)
                        : character;
                }
            }
        );
        List<PlaceToken> tokens = [];
        for (int at = 0; at < narrow.Length; )
        {
            char character = narrow[at];
            int length = 1;
            if (NumberLength(narrow, at) is > 0 and var digits)
            {
                length = digits;
                bool isCut = !isComplete && at + length == narrow.Length;
                bool isFinite =
                    double.TryParse(narrow.AsSpan(at, length), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    && double.IsFinite(number);
                tokens.Add(
                    isFinite && !isCut ? new PlaceToken(PlaceTokenKind.Number, Number: number) : new PlaceToken(PlaceTokenKind.Other)
                );
            }
            else if (char.IsLetter(character) || character == '_')
            {
                while (at + length < narrow.Length && (char.IsLetterOrDigit(narrow[at + length]) || narrow[at + length] == '_'))
                {
                    length++;
                }

                tokens.Add(new PlaceToken(PlaceTokenKind.Word, narrow.Substring(at, length).ToLowerInvariant()));
            }
            else if (!char.IsWhiteSpace(character) && character is not ('"' or '\'' or '`' or '\\'))
            {
                tokens.Add(
                    new PlaceToken(
                        character switch
                        {
                            '[' or '(' or '{' or '<' => PlaceTokenKind.Open,
                            ']' or ')' or '}' or '>' => PlaceTokenKind.Close,
                            ',' or ';' => PlaceTokenKind.Separator,
                            ':' or '=' => PlaceTokenKind.Colon,
                            _ => PlaceTokenKind.Other,
                        }
                    )
                );
            }

            at += length;
        }

        return tokens;
    }

    /// <summary>Length of the number that begins at a place, or 0.</summary>
    private static int NumberLength(string text, int start)
    {
        int at = start;
        if (at < text.Length && text[at] is '-' or '+')
        {
            at++;
        }

        int digits = Digits(ref at);
        if (at < text.Length && text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            digits += Digits(ref at);
        }

        if (digits == 0)
        {
            return 0;
        }

        int exponent = at;
        if (exponent < text.Length && text[exponent] is 'e' or 'E')
        {
            exponent++;
            if (exponent < text.Length && text[exponent] is '-' or '+')
            {
                exponent++;
            }

            at = Digits(ref exponent) > 0 ? exponent : at;
        }

        return at - start;

        int Digits(ref int position)
        {
            int first = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            return position - first;
        }
    }
}
