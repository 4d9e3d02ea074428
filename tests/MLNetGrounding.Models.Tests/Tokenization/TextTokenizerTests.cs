namespace MLNetGrounding.Models.Tokenization;

[TestClass]
public sealed class TextTokenizerTests
{
    private const int Image = 400;

    [TestMethod]
    public void OffsetsCountUtf16AndNeverHalveACharacter()
    {
        using var pipeline = SmallPipeline.ByteLevel("Ġ b", "Ġb e", "a k");
        TokenizedText text = pipeline.Open().Encode("\U0001F426 beak");
        CollectionAssert.AreEqual(
            new[] { (0, 2), (0, 2), (0, 2), (0, 2), (2, 5), (5, 7) },
            text.Tokens.Select(token => (token.Start, token.End)).ToArray()
        );
        CollectionAssert.AreEqual(new[] { 4, 5 }, text.PositionsOf(3, 4).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, text.PositionsOf(1, 1).ToArray());
        CollectionAssert.AreEqual(Array.Empty<int>(), text.PositionsOf(2, 0).ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => text.PositionsOf(5, 3));
    }

    [TestMethod]
    public void HalfASurrogatePairIsEncodedAsTheReplacementCharacter()
    {
        using var pipeline = SmallPipeline.ByteLevel();
        TextTokenizer tokenizer = pipeline.Open();
        CollectionAssert.AreEqual(tokenizer.Encode("a\uFFFDb").Tokens.ToArray(), tokenizer.Encode("a\uD800b").Tokens.ToArray());
    }

    [TestMethod]
    public void ATextOfAnyScriptComesBackAsItWas()
    {
        using var bytes = SmallPipeline.ByteLevel("t h", "th e");
        using var llama = SmallPipeline.Llama("t h", "th e");
        foreach (string text in new[] { "the beak", "鸟的翅膀在哪里?", "\U0001F426 und Flügel", " two  spaces ", "", "\n", "a\0b" })
        {
            Assert.AreEqual(text, bytes.Open().Decode(bytes.Open().Encode(text).Ids));
            Assert.AreEqual(text, llama.Open().Decode(llama.Open().Encode(text).Ids));
        }
    }

    [TestMethod]
    public void CharactersSpelledInBytesAreFoundWithAllOfThem()
    {
        using var pipeline = SmallPipeline.Llama("t h", "th e");
        TokenizedText text = pipeline.Open().Encode("the 喙 is");
        CollectionAssert.AreEqual(
            new[] { "<0xE5>", "<0x96>", "<0x99>" },
            text.PositionsOf(4, 1).Select(position => text.Tokens[position].Text).ToArray()
        );
    }

    [TestMethod]
    public void SpecialTokensStandAroundTheTextWhereTheyAreWanted()
    {
        using var pipeline = SmallPipeline.Llama();
        TextTokenizer tokenizer = pipeline.Open();
        Assert.AreEqual(new TextToken(1, "<s>", 0, 0), tokenizer.Encode("a").Tokens[0]);
        Assert.AreEqual("▁", tokenizer.Encode("a", addSpecialTokens: false).Tokens[0].Text);
    }

    [TestMethod]
    public void AddedTokensAreCutOutUnlessTextIsEncodedPlainly()
    {
        using SmallPipeline pipeline = SmallPipeline.Llama().Add("<image>", Image, special: true).Add("<b>", 401, normalized: true);
        TextTokenizer tokenizer = pipeline.Open();
        Assert.Contains(Image, tokenizer.Encode("a<image>").Ids);
        Assert.DoesNotContain(Image, tokenizer.Encode("a<image>", cutAddedTokens: false).Ids);
        Assert.Contains(401, tokenizer.Encode("<b>").Ids);
        Assert.DoesNotContain(401, tokenizer.Encode("<b>", cutAddedTokens: false).Ids);
        Assert.AreEqual(402, tokenizer.VocabularySize);
        Assert.AreEqual(Image, tokenizer.IdOf("<image>"));
        Assert.AreEqual("<image>", tokenizer.TextOf(Image));
        Assert.IsNull(tokenizer.TextOf(399));
        Assert.IsNull(tokenizer.IdOf("nowhere"));
        Assert.AreEqual("<image><b>", tokenizer.Decode([Image, 399, 401], skipSpecialTokens: false));
        Assert.AreEqual("<b>", tokenizer.Decode([Image, 399, 401]));
    }

    [TestMethod]
    [DataRow("Where is <image> it?", "<image>")]
    [DataRow("Where is </s> it?", "</s>")]
    [DataRow("Where is x<plain>x it?", "<plain>")]
    [DataRow("a word by itself", "word")]
    [DataRow("passwords", null)]
    [DataRow("x<normal>x", "<normal>")]
    [DataRow("Where is the < image > ?", null)]
    public void AQuestionWithAnyAddedTokenIsRefusedByItsName(string question, string? found)
    {
        using SmallPipeline pipeline = SmallPipeline
            .Llama()
            .Add("<image>", Image, special: true)
            .Add("<plain>", 401)
            .Add("word", 402, singleWord: true)
            .Add("<normal>", 403, normalized: true);
        TextTokenizer tokenizer = pipeline.Open();
        Assert.AreEqual(found, tokenizer.FindAddedToken(question)?.Text);
        if (found is null)
        {
            tokenizer.RefuseAddedTokens(question, "beak");
            return;
        }

        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(() => tokenizer.RefuseAddedTokens(question, "beak"));
        StringAssert.Contains(exception.Message, $"'{found}'");
        StringAssert.Contains(exception.Message, "'beak'");
    }

    [TestMethod]
    public void AnAddedTokenIsFoundInTheFormThatNormalizationGivesIt()
    {
        using SmallPipeline pipeline = SmallPipeline
            .ByteLevel()
            .Set("normalizer", """{ "type": "Lowercase" }""")
            .Add("<image>", Image, normalized: true);
        Assert.AreEqual("<image>", pipeline.Open().FindAddedToken("an <IMAGE> of")?.Text);
    }

    [TestMethod]
    public void AnImageTokenThatTheTokenizerDoesNotKnowIsRefusedToo()
    {
        using var pipeline = SmallPipeline.ByteLevel();
        Assert.ThrowsExactly<ArgumentException>(() => pipeline.Open().RefuseAddedTokens("an <img>?", "beak", "<img>"));
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public void LongTextsTakeTimeInProportion()
    {
        using SmallPipeline llama = SmallPipeline.Llama("a a", "aa aa", "aaaa aaaa").Add("<image>", Image);
        using SmallPipeline bytes = SmallPipeline.ByteLevel("a a", "aa aa").Set("normalizer", """{ "type": "NFC" }""");
        foreach (
            string text in new[]
            {
                new string('a', 300_000),
                "e" + string.Concat(Enumerable.Repeat("\u0301\u0323", 100_000)),
                new string(' ', 300_000),
                string.Concat(Enumerable.Repeat("<image", 50_000)),
            }
        )
        {
            Assert.AreEqual(text.Length, llama.Open().Encode(text).Tokens[^1].End);
            Assert.IsGreaterThan(text.Length - 10, bytes.Open().Encode(text).Tokens[^1].End);
        }
    }
}
