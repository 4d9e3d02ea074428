using MLNetGrounding.Models.Tokenization.Alignment;

namespace MLNetGrounding.Models.Tokenization;

[TestClass]
public sealed class AddedTokenCutterTests
{
    [TestMethod]
    [DataRow("x<a><b>y", "x|[<a><b>]|y")]
    [DataRow("<a><a>", "[<a>]|[<a>]")]
    [DataRow("x <l> y", "x|[ <l>]| y")]
    [DataRow("x <r> \n y", "x |[<r> \n ]|y")]
    [DataRow("<r> <l>", "[<r> ]|[<l>]")]
    [DataRow("a word.", "a |[word]|.")]
    [DataRow("sword words word_ wordé", "sword words word_ wordé")]
    [DataRow("word\u0301 \u24B6word", "word\u0301 \u24B6word")]
    [DataRow("wordwor", "wordwor")]
    [DataRow("", "")]
    [DataRow("鳥<a>\U0001F426<a", "鳥|[<a>]|\U0001F426<a")]
    public void TheLeftmostAndLongestIsCutOut(string text, string expected)
    {
        AddedToken[] tokens =
        [
            new(1, "<a>", true),
            new(2, "<b>", true),
            new(3, "<a><b>", true),
            new(4, "<l>", true) { StripsLeft = true },
            new(5, "<r>", true) { StripsRight = true },
            new(6, "word", false) { IsSingleWord = true },
        ];
        AddedTokenCutter cutter = new(tokens.Select(token => (token.Text, token)));
        Assert.AreEqual(
            expected,
            string.Join(
                '|',
                cutter
                    .Cut(AlignedText.Of(text))
                    .Select(part => part.Token is null ? AlignedText.ToText(part.Text.Span) : $"[{AlignedText.ToText(part.Text.Span)}]")
            )
        );
    }

    [TestMethod]
    public void ARejectedMatchUsesUpItsText()
    {
        AddedTokenCutter cutter = new([
            ("ab", new AddedToken(1, "ab", false) { IsSingleWord = true }),
            ("bc", new AddedToken(2, "bc", false)),
        ]);
        Assert.IsNull(cutter.Cut(AlignedText.Of("abc")).Single().Token);
    }
}
