using System.Globalization;
using System.Text;

namespace MLNetGrounding.Models.Prompts;

/// <summary>Finds a word in a question, in any script.</summary>
internal static class WordSearch
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;

    /// <summary>Scripts whose words follow each other without spaces.</summary>
    private static readonly (int First, int Last)[] WithoutSpaces =
    [
        (0x0E00, 0x0FFF), // Thai, Lao, Tibetan
        (0x1000, 0x109F), // Myanmar
        (0x1780, 0x17FF), // Khmer
        (0x1950, 0x19FF), // Tai Le, New Tai Lue, Khmer symbols
        (0x1A20, 0x1AAF), // Tai Tham
        (0x1B00, 0x1B7F), // Balinese
        (0x2E80, 0x312F), // Han radicals and marks, Hiragana, Katakana, Bopomofo
        (0x31A0, 0x31FF), // Bopomofo, Katakana
        (0x3400, 0x4DBF), // Han
        (0x4E00, 0xA4CF), // Han, Yi
        (0xA500, 0xA63F), // Vai
        (0xA980, 0xA9FF), // Javanese, Myanmar
        (0xAA60, 0xAADF), // Myanmar, Tai Viet
        (0xF900, 0xFAFF), // Han
        (0xFF66, 0xFF9F), // Katakana
        (0x1AFF0, 0x1B16F), // Kana
        (0x20000, 0x3FFFF), // Han
    ];

    /// <summary>The last place where a word stands by itself, or -1; "wing" is not found in "swinging", "翅膀" is in "翅膀在哪里".</summary>
    /// <remarks>
    /// A boundary is needed only between letters or digits of scripts that put spaces between words. Korean is one of them, but its
    /// particles follow a noun directly, so that a word may end inside what is written together. A mark always belongs to what it follows.
    /// </remarks>
    /// <param name="question">The question.</param>
    /// <param name="word">The word, not empty.</param>
    public static int Last(string question, string word)
    {
        for (
            int at = question.LastIndexOf(word, StringComparison.Ordinal);
            at >= 0;
            at = at == 0 ? -1 : question.LastIndexOf(word, at + word.Length - 2, StringComparison.Ordinal)
        )
        {
            int end = at + word.Length;
            if (IsBoundary(question, at) && (IsBoundary(question, end) || FollowsHangul(question, end)))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsBoundary(string text, int at)
    {
        if (at == 0 || at == text.Length)
        {
            return true;
        }

        if (char.IsSurrogatePair(text, at - 1))
        {
            return false;
        }

        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out Rune before, out _);
        Rune.DecodeFromUtf16(text.AsSpan(at), out Rune after, out _);
        return !IsMark(after) && !(NeedsBoundary(before) && NeedsBoundary(after));
    }

    private static bool FollowsHangul(string text, int at)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out Rune after, out _);
        return text[at - 1] is >= (char)HangulFirst and <= (char)HangulLast && !IsMark(after);
    }

    /// <summary>Marks but those that only choose how a symbol is drawn.</summary>
    private static bool IsMark(Rune character) =>
        Rune.GetUnicodeCategory(character)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
        && character.Value is not (>= 0xFE00 and <= 0xFE0F);

    private static bool NeedsBoundary(Rune character) =>
        (Rune.IsLetterOrDigit(character) || IsMark(character))
        && !Array.Exists(WithoutSpaces, range => character.Value >= range.First && character.Value <= range.Last);
}
