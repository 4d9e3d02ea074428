using System.Globalization;
using System.Text;

namespace MLNetGrounding.Models.Tokenization.Characters;

/// <summary>
/// Classes of characters as the library that tokenizer.json is made for has them, whichever version of Unicode .NET knows.
/// </summary>
/// <remarks>Its regular expressions know Unicode 16.0, its digits and lower case Unicode 17.0.</remarks>
internal static class CharacterClasses
{
    private static readonly (int First, int Last, UnicodeCategory Category)[] Pinned =
    [
        .. ResourceLines.Read("LaterCategories.txt").Select(line => (Code(line[0]), Code(line[1]), Category(line[2]))),
    ];

    /// <summary>For each category a character below U+10000 that no pattern names.</summary>
    private static readonly Dictionary<UnicodeCategory, char> StandIns = new()
    {
        [UnicodeCategory.UppercaseLetter] = '\uA640',
        [UnicodeCategory.LowercaseLetter] = '\uA641',
        [UnicodeCategory.TitlecaseLetter] = '\u1F88',
        [UnicodeCategory.ModifierLetter] = '\uA67F',
        [UnicodeCategory.OtherLetter] = '\uA500',
        [UnicodeCategory.NonSpacingMark] = '\uA6F0',
        [UnicodeCategory.SpacingCombiningMark] = '\uA823',
        [UnicodeCategory.EnclosingMark] = '\uA670',
        [UnicodeCategory.DecimalDigitNumber] = '\uA620',
        [UnicodeCategory.LetterNumber] = '\uA6E6',
        [UnicodeCategory.OtherNumber] = '\uA830',
        [UnicodeCategory.ConnectorPunctuation] = '\uFE33',
        [UnicodeCategory.DashPunctuation] = '\u2E3A',
        [UnicodeCategory.OpenPunctuation] = '\u2E22',
        [UnicodeCategory.ClosePunctuation] = '\u2E23',
        [UnicodeCategory.InitialQuotePunctuation] = '\u2E02',
        [UnicodeCategory.FinalQuotePunctuation] = '\u2E03',
        [UnicodeCategory.OtherPunctuation] = '\uA673',
        [UnicodeCategory.MathSymbol] = '\u2A00',
        [UnicodeCategory.CurrencySymbol] = '\uA838',
        [UnicodeCategory.ModifierSymbol] = '\uA700',
        [UnicodeCategory.OtherSymbol] = '\uA490',
        [UnicodeCategory.Format] = '\u2061',
        [UnicodeCategory.PrivateUse] = '\uE000',
        [UnicodeCategory.OtherNotAssigned] = '\uFDD0',
    };

    public static UnicodeCategory CategoryOf(int codePoint) => PinnedCategory(codePoint) ?? CharUnicodeInfo.GetUnicodeCategory(codePoint);

    /// <summary>White space, the 25 characters that <c>\s</c> matches.</summary>
    public static bool IsSpace(int codePoint) => Rune.IsWhiteSpace(new Rune(codePoint));

    /// <summary>Numbers of every kind, as the Digits step has them.</summary>
    public static bool IsNumber(int codePoint) =>
        codePoint is (>= 0x11DE0 and <= 0x11DE9) or (>= 0x16FF4 and <= 0x16FF6)
        || CategoryOf(codePoint) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>
    /// What single-word tokens must not stand beside: alphabetic characters, marks, decimal digits, connectors and joiners.
    /// </summary>
    public static bool IsWordCharacter(int codePoint) =>
        codePoint
            is 0x200C
                or 0x200D
                or (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189)
        || CategoryOf(codePoint) is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;

    /// <summary>The lower case of a character by itself; only U+0130 becomes two characters.</summary>
    /// <param name="codePoint">The character.</param>
    /// <param name="second">The second character, or 0.</param>
    public static int ToLower(int codePoint, out int second)
    {
        second = codePoint == 0x0130 ? 0x0307 : 0;
        return codePoint switch
        {
            0x0130 => 'i',

            // Pairs that came with Unicode 16.0 and 17.0.
            0x1C89 or 0xA7CC or 0xA7CE or 0xA7D2 or 0xA7D4 or 0xA7DA => codePoint + 1,
            0xA7CB => 0x0264,
            0xA7DC => 0x019B,
            >= 0x10D50 and <= 0x10D65 => codePoint + 0x20,
            >= 0x16EA0 and <= 0x16EB8 => codePoint + 0x1B,
            _ => Rune.ToLowerInvariant(new Rune(codePoint)).Value,
        };
    }

    /// <summary>A UTF-16 unit in whose place a regular expression of .NET sees what the other library's sees at the character.</summary>
    public static char StandIn(int codePoint) =>
        PinnedCategory(codePoint) is { } pinned ? StandIns[pinned]
        : codePoint <= char.MaxValue ? (char)codePoint
        : StandIns[CharUnicodeInfo.GetUnicodeCategory(codePoint)];

    private static UnicodeCategory? PinnedCategory(int codePoint)
    {
        if (codePoint < Pinned[0].First)
        {
            return null;
        }

        int low = 0;
        int high = Pinned.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (codePoint > Pinned[middle].Last)
            {
                low = middle + 1;
            }
            else if (codePoint < Pinned[middle].First)
            {
                high = middle - 1;
            }
            else
            {
                return Pinned[middle].Category;
            }
        }

        return null;
    }

    private static int Code(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static UnicodeCategory Category(string name) =>
        name switch
        {
            "Lu" => UnicodeCategory.UppercaseLetter,
            "Ll" => UnicodeCategory.LowercaseLetter,
            "Lm" => UnicodeCategory.ModifierLetter,
            "Lo" => UnicodeCategory.OtherLetter,
            "Mn" => UnicodeCategory.NonSpacingMark,
            "Mc" => UnicodeCategory.SpacingCombiningMark,
            "Nd" => UnicodeCategory.DecimalDigitNumber,
            "No" => UnicodeCategory.OtherNumber,
            "Pd" => UnicodeCategory.DashPunctuation,
            "Po" => UnicodeCategory.OtherPunctuation,
            "Sm" => UnicodeCategory.MathSymbol,
            "So" => UnicodeCategory.OtherSymbol,
            "Cf" => UnicodeCategory.Format,
            "Cn" => UnicodeCategory.OtherNotAssigned,
            _ => throw new InvalidOperationException($"The table of categories names '{name}'."),
        };
}
