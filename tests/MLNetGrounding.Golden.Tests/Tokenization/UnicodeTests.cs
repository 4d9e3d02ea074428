using System.Globalization;
using System.Text;
using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;
using MLNetGrounding.Models.Tokenization.Normalizers;
using MLNetGrounding.Models.Tokenization.PreTokenizers;

namespace MLNetGrounding.Golden.Tokenization;

/// <summary>
/// The single steps: classes of characters, pieces of regular expressions, normalizers with what each character stands for.
/// </summary>
[TestClass]
[TestCategory("Golden")]
public sealed class UnicodeTests
{
    private const string Folder = "tokenizers/unicode";

    [TestMethod]
    public void ClassesOfCharactersAreThoseOfTheLibrary()
    {
        JsonElement classes = Read("classes");
        GoldenCase result = new(Folder, "classes");
        AlignedCharacter[] all =
        [
            .. Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select((value, index) => new AlignedCharacter(value, index, index + 1)),
        ];
        foreach (
            (string name, string pattern) in new[]
            {
                ("letter", @"\p{L}"),
                ("number", @"\p{N}"),
                ("mark", @"\p{M}"),
                ("punctuation", @"\p{P}"),
                ("symbol", @"\p{S}"),
                ("space", @"\s"),
            }
        )
        {
            Compare(result, name, Ranges(classes.GetProperty(name)), Matches(pattern, all));
        }

        Compare(
            result,
            "digits",
            Ranges(classes.GetProperty("digits")),
            [.. all.Select(character => character.Value).Where(CharacterClasses.IsNumber)]
        );
        foreach (JsonProperty letter in classes.GetProperty("ignore_case").EnumerateObject())
        {
            Compare(result, $"ignore_case {letter.Name}", [.. Numbers(letter.Value)], Matches($"(?i:{letter.Name})", all));
        }

        var lower = classes
            .GetProperty("lowercase")
            .EnumerateObject()
            .ToDictionary(pair => int.Parse(pair.Name, NumberStyles.HexNumber, CultureInfo.InvariantCulture), pair => Numbers(pair.Value));
        int[] wrong =
        [
            .. all.Select(character => character.Value)
                .Where(value => !(lower.TryGetValue(value, out int[]? expected) ? expected : [value]).SequenceEqual(LowerCase(value))),
        ];
        result.Count("lowercase", wrong.Length, wrong.Length > 0 ? $"U+{wrong[0]:X4}" : "");
        result.Complete();
    }

    [TestMethod]
    public void RegularExpressionsCutAsTheLibraryDoes()
    {
        Differences pieces = new();
        foreach (JsonProperty regex in Read("splits").EnumerateObject())
        {
            SplitPreTokenizer split = new(
                TextPattern.OfRegex("splits.json", regex.Value.GetProperty("regex").GetString()!),
                Enum.Parse<SplitBehavior>(regex.Value.GetProperty("behavior").GetString()!),
                regex.Value.GetProperty("invert").GetBoolean()
            );
            foreach (JsonElement entry in regex.Value.GetProperty("cases").EnumerateArray())
            {
                string text = entry.GetProperty("text").GetString()!;
                int[] units = AlignedText.Utf16Positions(text);
                List<ReadOnlyMemory<AlignedCharacter>> found = [];
                if (text.Length > 0)
                {
                    split.Split(AlignedText.Of(text), found);
                }

                pieces.Compare(
                    $"{regex.Name}: {text}",
                    [.. entry.GetProperty("pieces").EnumerateArray().Select(range => (range[0].GetInt32(), range[1].GetInt32()))],
                    [.. found.Select(piece => (units[piece.Span[0].Start], units[piece.Span[^1].End]))]
                );
            }
        }

        GoldenCase result = new(Folder, "splits");
        result.Count("pieces", pieces.Count, pieces.Example);
        result.Complete();
    }

    [TestMethod]
    public void NormalizersKeepWhatEachCharacterStandsFor()
    {
        Differences normalized = new();
        Differences from = new();
        foreach (JsonProperty list in Read("normalizers").EnumerateObject())
        {
            INormalizer[] steps = [.. list.Name.Split(", ").Select(Normalizer)];
            foreach (JsonElement entry in list.Value.EnumerateArray())
            {
                string text = entry.GetProperty("text").GetString()!;
                int[] units = AlignedText.Utf16Positions(text);
                ReadOnlyMemory<AlignedCharacter> characters = AlignedText.Of(text);
                foreach (INormalizer step in steps)
                {
                    characters = characters.IsEmpty ? characters : step.Normalize(characters);
                }

                normalized.Compare(
                    $"{list.Name}: {text}",
                    [entry.GetProperty("normalized").GetString()],
                    [AlignedText.ToText(characters.Span)]
                );
                from.Compare(
                    $"{list.Name}: {text}",
                    [.. entry.GetProperty("from").EnumerateArray().Select(range => (range[0].GetInt32(), range[1].GetInt32()))],
                    [.. characters.ToArray().Select(character => (units[character.Start], units[character.End]))]
                );
            }
        }

        GoldenCase result = new(Folder, "normalizers");
        result.Count("normalized", normalized.Count, normalized.Example);
        result.Count("from", from.Count, from.Example);
        result.Complete();
    }

    private static INormalizer Normalizer(string name) =>
        name switch
        {
            "NFC" => new NfcNormalizer(),
            "Lowercase" => new LowercaseNormalizer(),
            @"Replace \s+ by a space" => new ReplaceNormalizer(TextPattern.OfRegex("normalizers.json", @"\s+"), " "),
            "Prepend" => new PrependNormalizer("\u2581"),
            "Replace" => new ReplaceNormalizer(TextPattern.OfText(" "), "\u2581"),
            _ => throw new InvalidDataException($"normalizers.json names the step '{name}', which this test does not know."),
        };

    private static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenFolders.Require("tokenizers", "unicode", name + ".json")));
        return document.RootElement.Clone();
    }

    private static void Compare(GoldenCase result, string name, HashSet<int> expected, HashSet<int> actual)
    {
        HashSet<int> different = [.. expected];
        different.SymmetricExceptWith(actual);
        result.Count(name, different.Count, different.Count > 0 ? $"U+{different.Min():X4}" : "");
    }

    private static HashSet<int> Matches(string pattern, AlignedCharacter[] all) =>
        [
            .. TextPattern
                .OfRegex("classes.json", pattern)
                .Find(all)
                .Where(match => match.IsMatch)
                .SelectMany(match => all[match.Start..match.End])
                .Select(character => character.Value),
        ];

    private static int[] LowerCase(int value) =>
        Array.ConvertAll(
            new LowercaseNormalizer().Normalize(new[] { new AlignedCharacter(value, 0, 1) }).ToArray(),
            character => character.Value
        );

    private static HashSet<int> Ranges(JsonElement ranges) =>
        [
            .. ranges
                .EnumerateArray()
                .SelectMany(range => Enumerable.Range(range[0].GetInt32(), range[1].GetInt32() - range[0].GetInt32() + 1)),
        ];

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];
}
