using System.Text;

namespace MLNetGrounding.Models.Tokenization.Decoders;

[TestClass]
public sealed class DecoderTests
{
    [TestMethod]
    public void BadBytesGiveOneReplacementForEachBadPart()
    {
        Assert.AreEqual("a\uFFFDb", new ByteLevelDecoder().Decode(["a", "å", "ĸ", "b"], continues: false).Single());
        Assert.AreEqual("鳥 鳥", new ByteLevelDecoder().Decode(["é³¥", "Ġ", "鳥"], continues: false).Single());
    }

    [TestMethod]
    public void ARunOfBytesWithABadOneIsBadAltogether()
    {
        CollectionAssert.AreEqual(
            new[] { "喙", "a" },
            new ByteFallbackDecoder().Decode(["<0xE5>", "<0x96>", "<0x99>", "a"], continues: false)
        );
        CollectionAssert.AreEqual(
            new[] { "\uFFFD", "\uFFFD", "a", "<0xG0>" },
            new ByteFallbackDecoder().Decode(["<0x41>", "<0xE5>", "a", "<0xG0>"], continues: false)
        );
    }

    [TestMethod]
    public void StripTakesFromBothEndsAndOnlyWhereTheTextBegins()
    {
        StripDecoder whole = new(new Rune(' '), 1, 1, wholeText: true);
        Assert.AreEqual(" a ", whole.Decode(["  a  "], continues: false).Single());
        Assert.AreEqual("  a ", whole.Decode(["  a  "], continues: true).Single());
        Assert.AreEqual("", new StripDecoder(new Rune(' '), 3, 3, wholeText: true).Decode(["  "], continues: false).Single());
        Assert.AreEqual("a", new StripDecoder(new Rune(' '), 1, 0, wholeText: false).Decode([" a"], continues: true).Single());
    }

    [TestMethod]
    public void TheFirstVisibleSpaceIsNothingWhereItWasPutInFront()
    {
        CollectionAssert.AreEqual(new[] { "a", " b" }, new MetaspaceDecoder("▁", prepended: true).Decode(["▁a", "▁b"], continues: false));
        CollectionAssert.AreEqual(new[] { " a", " b" }, new MetaspaceDecoder("▁", prepended: false).Decode(["▁a", "▁b"], continues: false));
    }
}
