using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization.PostProcessors;

[TestClass]
public sealed class OffsetTrimmerTests
{
    [TestMethod]
    [DataRow("Ġa", 0, 2, false, 1, 2)]
    [DataRow("Ġa", 0, 1, true, 0, 1)]
    [DataRow("ĠĠa", 0, 3, true, 2, 3)]
    [DataRow("aĠ", 0, 2, false, 0, 1)]
    [DataRow("ĠĠ", 0, 2, false, 2, 2)]
    [DataRow("a", 3, 4, false, 3, 4)]
    public void WhiteSpaceAtTheEndsIsLeftOut(string text, int start, int end, bool prefix, int expectedStart, int expectedEnd)
    {
        AlignedToken token = new OffsetTrimmer(prefix).Process([new AlignedToken(1, text, start, end)], addSpecialTokens: false).Single();
        Assert.AreEqual((expectedStart, expectedEnd), (token.Start, token.End));
    }
}
