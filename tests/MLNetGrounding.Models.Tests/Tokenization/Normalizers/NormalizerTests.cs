using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.Normalizers;

[TestClass]
public sealed class NormalizerTests
{
    [TestMethod]
    [DataRow("beak", "beak", "0-1 1-2 2-3 3-4")]
    [DataRow("e\u0301", "\u00E9", "0-1")]
    [DataRow("q\u0307\u0323", "q\u0323\u0307", "0-1 1-2 2-3")]
    [DataRow("\u0958", "\u0915\u093C", "0-1 0-1")]
    [DataRow("\u212B", "\u00C5", "0-1")]
    [DataRow("\u1100\u1161\u11A8", "\uAC01", "0-1")]
    [DataRow("\uAC00\u11A8", "\uAC01", "0-1")]
    [DataRow("\u1E9B\u0323", "\u1E9B\u0323", "0-1 1-2")]
    [DataRow("a\u0315\u0300\u05AE\u0301", "\u00E0\u05AE\u0301\u0315", "0-1 2-3 3-4 4-5")]
    [DataRow("\uFFFEe\u0301", "\uFFFE\u00E9", "0-1 1-2")]
    [DataRow("\U0001F426e\u0301x", "\U0001F426\u00E9x", "0-1 1-2 3-4")]
    public void NfcIsThatOfTheUnicodeStandard(string text, string expected, string from)
    {
        AlignedCharacter[] result = new NfcNormalizer().Normalize(AlignedText.Of(text)).ToArray();
        Assert.AreEqual(expected, AlignedText.ToText(result));
        Assert.AreEqual(from, string.Join(' ', result.Select(character => $"{character.Start}-{character.End}")));
    }

    [TestMethod]
    public void NfcDoesNotChangeWhatItGave()
    {
        Random random = new(4);
        int[] alphabet =
        [
            'a',
            'e',
            'q',
            0x0301,
            0x0323,
            0x0307,
            0x0308,
            0x00E9,
            0x1E69,
            0xAC00,
            0x1161,
            0x11A8,
            0x0915,
            0x093C,
            0x1F426,
            0x3042,
            0x3099,
        ];
        for (int round = 0; round < 2000; round++)
        {
            ReadOnlyMemory<AlignedCharacter> text = Enumerable
                .Range(0, 8)
                .Select(index => new AlignedCharacter(alphabet[random.Next(alphabet.Length)], index, index + 1))
                .ToArray();
            ReadOnlyMemory<AlignedCharacter> once = new NfcNormalizer().Normalize(text);
            Assert.AreEqual(AlignedText.ToText(once.Span), AlignedText.ToText(new NfcNormalizer().Normalize(once).Span));
        }
    }

    [TestMethod]
    public void LowerCaseIsThatOfEachCharacterAlone()
    {
        AlignedCharacter[] result = new LowercaseNormalizer().Normalize(AlignedText.Of("ΟΔΟΣ \u0130x\u1C89")).ToArray();
        Assert.AreEqual("οδοσ i\u0307x\u1C8A", AlignedText.ToText(result));
        Assert.AreEqual((5, 6), (result[6].Start, result[6].End));
    }

    [TestMethod]
    public void AReplacementStandsForTheLastCharacterReplaced()
    {
        AlignedCharacter[] result = new ReplaceNormalizer(TextPattern.OfRegex("", @"\s+"), "__")
            .Normalize(AlignedText.Of("a \n b"))
            .ToArray();
        Assert.AreEqual("a__b", AlignedText.ToText(result));
        CollectionAssert.AreEqual(new[] { 0, 3, 3, 4 }, result.Select(character => character.Start).ToArray());
        Assert.AreEqual(
            "xcab",
            AlignedText.ToText(new ReplaceNormalizer(TextPattern.OfText("aab"), "x").Normalize(AlignedText.Of("aabcab")).Span)
        );
    }

    [TestMethod]
    public void APrefixStandsForTheFirstCharacter()
    {
        AlignedCharacter[] result = new PrependNormalizer("__").Normalize(AlignedText.Of("ab")).ToArray();
        CollectionAssert.AreEqual(
            new[] { (0, 1), (0, 1), (0, 1), (1, 2) },
            result.Select(character => (character.Start, character.End)).ToArray()
        );
    }
}
