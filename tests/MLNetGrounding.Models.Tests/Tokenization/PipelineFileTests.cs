using System.Text;

namespace MLNetGrounding.Models.Tokenization;

[TestClass]
public sealed class PipelineFileTests
{
    [TestMethod]
    [DataRow("normalizer", """{ "type": "NFKC" }""", "normalizer.type", "NFKC")]
    [DataRow(
        "normalizer",
        """{ "type": "Sequence", "normalizers": [{ "type": "NFC" }, { "type": "StripAccents" }] }""",
        "normalizer.normalizers[1].type",
        "StripAccents"
    )]
    [DataRow("normalizer", """{ "type": "Replace", "pattern": { "Regex": "[a&&b]" }, "content": "" }""", "normalizer.pattern.Regex", "&&")]
    [DataRow(
        "normalizer",
        """{ "type": "Replace", "pattern": { "Regex": "\\p{Han}" }, "content": "" }""",
        "normalizer.pattern.Regex",
        "Han"
    )]
    [DataRow(
        "normalizer",
        """{ "type": "Replace", "pattern": { "Regex": "(a" }, "content": "" }""",
        "normalizer.pattern.Regex",
        "not closed"
    )]
    [DataRow("normalizer", """{ "type": "NFC", "form": 2 }""", "normalizer.form", "2")]
    [DataRow("pre_tokenizer", """{ "type": "BertPreTokenizer" }""", "pre_tokenizer.type", "BertPreTokenizer")]
    [DataRow(
        "pre_tokenizer",
        """{ "type": "Split", "pattern": { "String": "" }, "behavior": "Isolated", "invert": false }""",
        "pre_tokenizer.pattern.String",
        "not empty"
    )]
    [DataRow(
        "pre_tokenizer",
        """{ "type": "Split", "pattern": { "String": "a" }, "behavior": "Doubled" }""",
        "pre_tokenizer.behavior",
        "Doubled"
    )]
    [DataRow("pre_tokenizer", """{ "type": "Metaspace", "replacement": "ab" }""", "pre_tokenizer.replacement", "ab")]
    [DataRow("pre_tokenizer", """{ "type": "ByteLevel", "add_prefix_space": 1 }""", "pre_tokenizer.add_prefix_space", "1")]
    [DataRow("pre_tokenizer", """[]""", "pre_tokenizer", "an array")]
    [DataRow("post_processor", """{ "type": "BertProcessing" }""", "post_processor.type", "BertProcessing")]
    [DataRow(
        "post_processor",
        """{ "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "<s>" } }], "special_tokens": {} }""",
        "post_processor.single[0].SpecialToken.id",
        "<s>"
    )]
    [DataRow("post_processor", """{ "type": "RobertaProcessing", "cls": ["<s>", "0"], "sep": ["</s>", 2] }""", "post_processor.cls", "id")]
    [DataRow("decoder", """{ "type": "WordPiece" }""", "decoder.type", "WordPiece")]
    [DataRow("decoder", """{ "type": "Strip", "content": "", "start": 1, "stop": 0 }""", "decoder.content", "one character")]
    [DataRow("model.type", "\"Unigram\"", "model.type", "Unigram")]
    [DataRow("model.dropout", "0.1", "model.dropout", "chance")]
    [DataRow("model.merges", """["a b c"]""", "model.merges[0]", "a b c")]
    [DataRow("model.merges", """[["a", "b"], ["a"]]""", "model.merges[0]", "'ab'")]
    [DataRow("model.merges", "7", "model.merges", "an array")]
    [DataRow("model.vocab", """{ "a": -1 }""", "model.vocab.a", "-1")]
    [DataRow("model.unheard_of", "true", "model.unheard_of", "true")]
    [DataRow("added_tokens", """[{ "id": 300 }]""", "added_tokens[0].content", "nothing")]
    [DataRow("added_tokens", """[{ "id": 300, "content": "a" }]""", "added_tokens[0].id", "'a'")]
    [DataRow("model", "null", "model", "nothing")]
    public void WhatIsNotKnownIsRefusedByFileAndPart(string name, string json, string setting, string found)
    {
        using SmallPipeline pipeline = SmallPipeline.ByteLevel().Set(name, json).Write();
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => TextTokenizer.Open(pipeline.Directory));
        Assert.AreEqual(pipeline.FilePath, exception.FilePath);
        Assert.AreEqual(setting, exception.SettingName);
        StringAssert.Contains(exception.Message, found);
    }

    [TestMethod]
    [DataRow("\"a\":")]
    [DataRow("\"BPE\"")]
    public void TextThatIsNoUnicodeIsRefused(string place)
    {
        using SmallPipeline pipeline = SmallPipeline.ByteLevel().Write();
        byte[] content = File.ReadAllBytes(pipeline.FilePath);
        int at = content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(place)) + 1;
        Assert.IsGreaterThan(0, at);
        content[at] = 0xFF;
        File.WriteAllBytes(pipeline.FilePath, content);
        Assert.AreEqual(
            pipeline.FilePath,
            Assert.ThrowsExactly<CheckpointException>(() => TextTokenizer.Open(pipeline.Directory)).FilePath
        );
    }

    [TestMethod]
    public void HalfASurrogatePairIsRefusedByItsKey()
    {
        using SmallPipeline pipeline = SmallPipeline.ByteLevel().Set("model.unk_token", "\"there\"").Write();
        File.WriteAllText(
            pipeline.FilePath,
            File.ReadAllText(pipeline.FilePath).Replace("\"there\"", "\"\\ud800\"", StringComparison.Ordinal)
        );
        Assert.AreEqual(
            "model.unk_token",
            Assert.ThrowsExactly<CheckpointException>(() => TextTokenizer.Open(pipeline.Directory)).SettingName
        );
    }

    [TestMethod]
    public void APatternThatTakesForEverIsAnErrorThatNamesIt()
    {
        using SmallPipeline pipeline = SmallPipeline
            .ByteLevel()
            .Set(
                "pre_tokenizer",
                """{ "type": "Split", "pattern": { "Regex": "(?:a|aa)+(?!\\S)" }, "behavior": "Isolated", "invert": false }"""
            );
        TextTokenizer tokenizer = pipeline.Open();
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => tokenizer.Encode(new string('a', 60) + "c"));
        Assert.AreEqual(pipeline.FilePath, exception.FilePath);
        StringAssert.Contains(exception.Message, "(?:a|aa)+");
    }

    [TestMethod]
    public void MergesAreTextsOrPairs()
    {
        using var texts = SmallPipeline.ByteLevel("a b", "ab c");
        using SmallPipeline pairs = SmallPipeline.ByteLevel("a b", "ab c").Set("model.merges", """[["a", "b"], ["ab", "c"]]""");
        Assert.AreEqual("abc", texts.Open().Encode("abc").Tokens.Single().Text);
        Assert.AreEqual("abc", pairs.Open().Encode("abc").Tokens.Single().Text);
    }

    [TestMethod]
    public void TheFileOfSeveralIsReadThatHoldsThePipeline()
    {
        using SmallPipeline pipeline = SmallPipeline.ByteLevel().Write();
        File.WriteAllBytes(Path.Combine(pipeline.Directory, TokenizerFileNames.SentencePiece), [1, 2, 3]);
        Assert.AreEqual(pipeline.FilePath, TextTokenizer.TryOpen(pipeline.Directory)!.FilePath);
    }
}
