using System.Globalization;
using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.Characters;

[TestClass]
public sealed class PatternTests
{
    [TestMethod]
    [DataRow(@"\p{L}++", @"(?>\p{L}+)")]
    [DataRow(@"\p{N}{1,3}+", @"(?:\p{N}{1,3})+")]
    [DataRow(@"a{2}?", @"(?:a{2})?")]
    [DataRow(@"a{,2}", @"a{0,2}")]
    [DataRow(@"a{x", @"a\{x")]
    [DataRow(@"(?i:'s|K)s", @"(?i:'[sSſ]|K)s")]
    [DataRow(@"(?i:[a-z])", @"(?i:[a-zſ])")]
    [DataRow(@"(?i)s", @"(?i)[sSſ]")]
    [DataRow(@"(ab)", @"(?:ab)")]
    [DataRow(@"\p{^L}\P{^N}", @"\P{L}\p{N}")]
    [DataRow(@"\x41\x{3042}", @"\u0041\u3042")]
    [DataRow(@"[]a]", @"[\]a]")]
    public void APatternOfOnigurumaIsWrittenForDotNet(string pattern, string expected) =>
        Assert.AreEqual(expected, PatternTranslation.ToDotNet(pattern));

    [TestMethod]
    [DataRow(@"\h")]
    [DataRow(@"\w")]
    [DataRow(@"\b")]
    [DataRow(@"(a)\1")]
    [DataRow(@"\K")]
    [DataRow(@"[a&&b]")]
    [DataRow(@"[[:alpha:]]")]
    [DataRow(@"[a[bc]]")]
    [DataRow(@"\p{Alpha}")]
    [DataRow(@"\p{IsGreek}")]
    [DataRow(@"(?m:a)")]
    [DataRow(@"a(?i)b")]
    [DataRow(@"(?<name>a)")]
    [DataRow(@"(?(1)a|b)")]
    [DataRow(@"(?~a)")]
    [DataRow(@"(a")]
    [DataRow(@"a)")]
    [DataRow(@"[a")]
    [DataRow(@"*a")]
    [DataRow(@"a\")]
    [DataRow(@"\x{1F426}")]
    [DataRow("\U0001F426")]
    [DataRow(@"[z-a]")]
    public void WhatWouldMeanSomethingElseIsRefused(string pattern) =>
        Assert.ThrowsExactly<NotSupportedException>(() => TextPattern.OfRegex("tokenizer.json", pattern));

    [TestMethod]
    [DataRow(@"\p{N}", "\U0001D7D8\U0001D7D9", "0-1 1-2")]
    [DataRow(@"\p{L}+", "a\U0001D4D7b", "0-3")]
    [DataRow(@"\p{Lu}+", "a\U0001D4D7b", "1-2")]
    [DataRow(@"[^\s\p{L}\p{N}]+", "\U0001F426bird", "0-1")]
    [DataRow(@"(?i:'s)", "'ſ'S's", "0-2 2-4 4-6")]
    [DataRow(@"(?i:k)", "kK\u212A", "0-1 1-2 2-3")]
    [DataRow("^a", "a\na\n", "0-1 2-3")]
    [DataRow("a$", "a\na\r\n", "0-1")]
    [DataRow("a.", "a\na\r", "2-4")]
    [DataRow(@"x*", "axxb", "1-3")]
    public void CharactersBeyondTheFirstPlaneAreMatchedAsOne(string pattern, string text, string expected) =>
        Assert.AreEqual(
            expected,
            string.Join(
                ' ',
                TextPattern
                    .OfRegex("", pattern)
                    .Find(AlignedText.Of(text))
                    .Where(match => match.IsMatch)
                    .Select(match => $"{match.Start}-{match.End}")
            )
        );

    [TestMethod]
    public void StandInsAreOfTheClassOfTheCharacter()
    {
        // Versions of Unicode differ by what they added; every category has a character that no pattern names.
        foreach (
            int character in new[]
            {
                0x1D400,
                0x1D41A,
                0x16B40,
                0x10000,
                0x10A01,
                0x11000,
                0x1D7CE,
                0x10140,
                0x10107,
                0x10EAD,
                0x10100,
                0x1D6C1,
                0x1F3FB,
                0x1F426,
                0xE0001,
                0xF0000,
                0xE0080,
                0x105C0,
                0x897,
                0x1E4D0,
            }
        )
        {
            Assert.AreEqual(
                CharacterClasses.CategoryOf(character),
                CharUnicodeInfo.GetUnicodeCategory(CharacterClasses.StandIn(character)),
                $"U+{character:X4}"
            );
        }
    }

    [TestMethod]
    public void WordCharactersAreAlphabeticOnesMarksDigitsConnectorsAndJoiners()
    {
        Assert.IsTrue(new[] { 'a', 'é', '鳥', '5', '_', 0x0301, 0x200D, 0x24B6, 0x2167, 0x203F }.All(CharacterClasses.IsWordCharacter));
        Assert.IsFalse(new[] { ' ', '-', 0xBD, 0x1F426, 0x2603, 0xB2 }.Any(CharacterClasses.IsWordCharacter));
    }
}
