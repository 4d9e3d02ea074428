using MLNetGrounding.Models.Tokenization.Alignment;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Models.Tokenization.PreTokenizers;

[TestClass]
public sealed class PreTokenizerTests
{
    /// <summary>The example of the documentation of Hugging Face's tokenizers, SplitDelimiterBehavior.</summary>
    [TestMethod]
    [DataRow("Removed", "the|final|countdown")]
    [DataRow("Isolated", "the|-|final|-|-|countdown")]
    [DataRow("MergedWithPrevious", "the-|final-|-|countdown")]
    [DataRow("MergedWithNext", "the|-final|-|-countdown")]
    [DataRow("Contiguous", "the|-|final|--|countdown")]
    public void MatchesGoWhereTheBehaviorSays(string behavior, string expected) =>
        Assert.AreEqual(
            expected,
            Pieces(
                new SplitPreTokenizer(TextPattern.OfText("-"), Enum.Parse<SplitBehavior>(behavior), invert: false),
                "the-final--countdown"
            )
        );

    [TestMethod]
    public void InvertedTheMatchesStay() =>
        Assert.AreEqual(
            "-|-|-",
            Pieces(new SplitPreTokenizer(TextPattern.OfText("-"), SplitBehavior.Removed, invert: true), "the-final--countdown")
        );

    [TestMethod]
    public void DigitsAreCutOneByOneOrInRuns()
    {
        Assert.AreEqual("a|1|2|b|½", Pieces(new DigitsPreTokenizer(individual: true), "a12b½"));
        Assert.AreEqual("a|12|b|½", Pieces(new DigitsPreTokenizer(individual: false), "a12b½"));
    }

    [TestMethod]
    public void BytesStandForTheirWholeCharacter()
    {
        List<ReadOnlyMemory<AlignedCharacter>> pieces = [];
        new ByteLevelPreTokenizer(addPrefixSpace: true, useRegex: true).Split(AlignedText.Of("é x"), pieces);
        Assert.AreEqual("ĠÃ©|Ġx", string.Join('|', pieces.Select(piece => AlignedText.ToText(piece.Span))));
        CollectionAssert.AreEqual(
            new[] { (0, 1), (0, 1), (0, 1) },
            pieces[0].ToArray().Select(character => (character.Start, character.End)).ToArray()
        );
    }

    [TestMethod]
    [DataRow("Always", false, "a b", "▁a▁b")]
    [DataRow("Never", false, "a b", "a▁b")]
    [DataRow("First", true, "a b", "▁a|▁b")]
    [DataRow("Always", true, " a  b", "▁a|▁|▁b")]
    public void VisibleSpacesAreWrittenAndCutBefore(string scheme, bool split, string text, string expected) =>
        Assert.AreEqual(expected, Pieces(new MetaspacePreTokenizer('▁', Enum.Parse<PrependScheme>(scheme), split), text));

    [TestMethod]
    public void OnlyThePieceThatBeginsTheTextGetsAFirstSpace()
    {
        List<ReadOnlyMemory<AlignedCharacter>> pieces = [];
        MetaspacePreTokenizer metaspace = new('▁', PrependScheme.First, split: false);
        ReadOnlyMemory<AlignedCharacter> text = AlignedText.Of("ab");
        metaspace.Split(text[..1], pieces);
        metaspace.Split(text[1..], pieces);
        Assert.AreEqual("▁a|b", string.Join('|', pieces.Select(piece => AlignedText.ToText(piece.Span))));
    }

    private static string Pieces(IPreTokenizer preTokenizer, string text)
    {
        List<ReadOnlyMemory<AlignedCharacter>> pieces = [];
        preTokenizer.Split(AlignedText.Of(text), pieces);
        return string.Join('|', pieces.Select(piece => AlignedText.ToText(piece.Span)));
    }
}
