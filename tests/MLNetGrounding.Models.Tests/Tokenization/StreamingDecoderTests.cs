namespace MLNetGrounding.Models.Tokenization;

[TestClass]
public sealed class StreamingDecoderTests
{
    [TestMethod]
    public void ACharacterIsGivenOutWhenItIsComplete()
    {
        using var pipeline = SmallPipeline.ByteLevel("Ġ b");
        TextTokenizer tokenizer = pipeline.Open();
        StreamingDecoder decoder = tokenizer.DecodeStream();
        CollectionAssert.AreEqual(new[] { "a", null, null, "喙", " b" }, tokenizer.Encode("a喙 b").Ids.Select(decoder.Append).ToArray());
        Assert.AreEqual("", decoder.Complete());
    }

    [TestMethod]
    public void WhatIsHeldBackComesAtTheEnd()
    {
        using var pipeline = SmallPipeline.ByteLevel();
        TextTokenizer tokenizer = pipeline.Open();
        StreamingDecoder decoder = tokenizer.DecodeStream();
        CollectionAssert.AreEqual(new[] { "a", null, null }, tokenizer.Encode("a喙").Ids.Take(3).Select(decoder.Append).ToArray());
        Assert.AreEqual("\uFFFD", decoder.Complete());
        Assert.AreEqual("b", decoder.Append(tokenizer.IdOf("b")!.Value));
    }

    [TestMethod]
    public void UnknownAndSkippedTokensGiveNothing()
    {
        using var pipeline = SmallPipeline.Llama();
        TextTokenizer tokenizer = pipeline.Open();
        StreamingDecoder decoder = tokenizer.DecodeStream();
        Assert.IsNull(decoder.Append(1));
        Assert.IsNull(decoder.Append(9999));
        Assert.AreEqual("</s>", tokenizer.DecodeStream(skipSpecialTokens: false).Append(2));
    }

    [TestMethod]
    [DataRow("{ \"type\": \"ByteLevel\" }")]
    [DataRow("null")]
    [DataRow("""{ "type": "Metaspace", "replacement": "a", "prepend_scheme": "always", "split": true }""")]
    [DataRow(
        """{ "type": "Sequence", "decoders": [{ "type": "Replace", "pattern": { "String": "a" }, "content": " " }, { "type": "Fuse" }, { "type": "Strip", "content": " ", "start": 2, "stop": 0 }] }"""
    )]
    [DataRow(
        """{ "type": "Sequence", "decoders": [{ "type": "Fuse" }, { "type": "Replace", "pattern": { "Regex": "b+c" }, "content": "x" }] }"""
    )]
    [DataRow("""{ "type": "Sequence", "decoders": [{ "type": "Strip", "content": "a", "start": 1, "stop": 0 }, { "type": "Fuse" }] }""")]
    public void PiecesTogetherAreTheWholeText(string decoder)
    {
        using SmallPipeline pipeline = SmallPipeline.ByteLevel("a a", "b c").Set("decoder", decoder);
        TextTokenizer tokenizer = pipeline.Open();
        Random random = new(1);
        for (int round = 0; round < 200; round++)
        {
            int[] ids =
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(_ =>
                        tokenizer
                            .IdOf(
                                random.Next(5) switch
                                {
                                    0 => "a",
                                    1 => "aa",
                                    2 => "d",
                                    3 => "bc",
                                    _ => "Ġ",
                                }
                            )!
                            .Value
                    ),
            ];
            StreamingDecoder stream = tokenizer.DecodeStream();
            string text = string.Concat(ids.Select(stream.Append)) + stream.Complete();
            if (decoder.Contains("Regex", StringComparison.Ordinal))
            {
                // Text that was given out is not taken back where a later token would change it: only its length is sure.
                Assert.AreEqual(tokenizer.Decode(ids).Length, text.Length);
                continue;
            }

            Assert.AreEqual(tokenizer.Decode(ids), text);
        }
    }

    [TestMethod]
    public void BytesOfRandomAnswersComeBackWhole()
    {
        using var pipeline = SmallPipeline.ByteLevel();
        TextTokenizer tokenizer = pipeline.Open();
        Random random = new(2);
        for (int round = 0; round < 500; round++)
        {
            int[] ids = [.. Enumerable.Range(0, 30).Select(_ => random.Next(2) == 0 ? random.Next(256) : tokenizer.IdOf("a")!.Value)];
            StreamingDecoder stream = tokenizer.DecodeStream();
            Assert.AreEqual(tokenizer.Decode(ids), string.Concat(ids.Select(stream.Append)) + stream.Complete());
        }
    }
}
