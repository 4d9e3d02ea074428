using System.Globalization;

namespace MLNetGrounding.Models.Tokenization.Characters;

/// <summary>How characters decompose and compose canonically, and the order of marks, in Unicode 9.0.</summary>
/// <remarks>
/// That is the version which the library behind tokenizer.json normalizes with. <see cref="string.Normalize()"/> needs ICU: under
/// <c>InvariantGlobalization</c> it returns what it was given, without an error.
/// </remarks>
internal static class CanonicalMappings
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int LeadCount = 19;
    private const int HangulCount = LeadCount * VowelCount * TailCount;

    private static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, byte> Classes = [];

    static CanonicalMappings()
    {
        foreach (string[] line in ResourceLines.Read("CanonicalMappings.txt"))
        {
            int first = Code(line[1]);
            int second = Code(line[2]);
            if (line[0] == "c")
            {
                for (int character = first; character <= second; character++)
                {
                    Classes[character] = byte.Parse(line[3], CultureInfo.InvariantCulture);
                }
            }
            else
            {
                (int First, int Second) parts = (second, line.Length > 3 ? Code(line[3]) : 0);
                Decompositions[first] = parts;
                if (line[0] == "=")
                {
                    Compositions[parts] = first;
                }
            }
        }
    }

    /// <summary>Characters below this are what they decompose to, and compose with nothing before them.</summary>
    public const int FirstAffected = 0xC0;

    /// <summary>The canonical combining class; 0 for what marks attach to.</summary>
    public static byte ClassOf(int character) => Classes.GetValueOrDefault(character);

    /// <summary>Adds the full canonical decomposition of a character.</summary>
    public static void Decompose(int character, List<int> parts)
    {
        if (character - HangulBase is >= 0 and < HangulCount and var index)
        {
            parts.Add(LeadBase + (index / (VowelCount * TailCount)));
            parts.Add(VowelBase + (index / TailCount % VowelCount));
            if (index % TailCount > 0)
            {
                parts.Add(TailBase + (index % TailCount));
            }
        }
        else if (Decompositions.TryGetValue(character, out (int First, int Second) pair))
        {
            Decompose(pair.First, parts);
            if (pair.Second != 0)
            {
                Decompose(pair.Second, parts);
            }
        }
        else
        {
            parts.Add(character);
        }
    }

    /// <summary>The character that two compose to, or -1.</summary>
    public static int Compose(int first, int second) =>
        first - LeadBase is >= 0 and < LeadCount and var lead && second - VowelBase is >= 0 and < VowelCount and var vowel
            ? HangulBase + (((lead * VowelCount) + vowel) * TailCount)
        : first - HangulBase is >= 0 and < HangulCount and var syllable
        && syllable % TailCount == 0
        && second - TailBase is > 0 and < TailCount and var tail
            ? first + tail
        : Compositions.GetValueOrDefault((first, second), -1);

    private static int Code(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
