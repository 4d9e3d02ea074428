using System.Text.Json;
using System.Text.RegularExpressions;
using MLNetGrounding.Samples.Checkpoints;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Tokenization;

[TestClass]
public sealed class SentencePieceFileTests
{
    private const string Image = "<image>";

    private static TextTokenizer PublicTokenizer() =>
        SentencePieceFile.Read(Path.Combine(TestData.Require("tokenizers/llava-1.5-7b-hf"), TokenizerFileNames.SentencePiece));

    [TestMethod]
    public void PublicTokenizerGivesTheReferenceIds()
    {
        TextTokenizer tokenizer = PublicTokenizer();
        using var document = JsonDocument.Parse(File.ReadAllText(TestData.Fixture("golden/tokenizer_ids.json")));
        foreach (JsonProperty text in document.RootElement.EnumerateObject())
        {
            CollectionAssert.AreEqual(
                text.Value.EnumerateArray().Select(id => id.GetInt32()).ToArray(),
                tokenizer.Encode(text.Name).Ids.ToArray(),
                text.Name
            );
        }
    }

    [TestMethod]
    public void TextBesideTheImageIsEncodedAsByItself()
    {
        TextTokenizer tokenizer = PublicTokenizer();
        int[] apart =
        [
            .. tokenizer.Encode("USER: ").Ids,
            tokenizer.IdOf(Image)!.Value,
            .. tokenizer.Encode("\nWhere is it?", addSpecialTokens: false).Ids,
        ];
        CollectionAssert.AreEqual(apart, tokenizer.Encode($"USER: {Image}\nWhere is it?").Ids.ToArray());
    }

    [TestMethod]
    public void PublicModelAgreesWithThePublicPipelineInIdsTokensAndOffsets()
    {
        string folder = TestData.Require("tokenizers/llava-1.5-7b-hf");
        TextTokenizer model = PublicTokenizer();
        var pipeline = TextTokenizer.Open(folder);
        Assert.AreEqual(Path.Combine(folder, TokenizerFileNames.Pipeline), pipeline.FilePath);
        using var document = JsonDocument.Parse(File.ReadAllText(TestData.Require("golden2/tokenizers/llava-1.5-7b-hf.json")));
        int compared = 0;
        foreach (JsonElement entry in document.RootElement.GetProperty("encode").EnumerateArray())
        {
            string text = entry.GetProperty("text").GetString()!;
            TokenizedText byModel = model.Encode(text);
            TokenizedText byPipeline = pipeline.Encode(text);

            // Long runs of one character are cut at other places by the library that reads the model.
            if (Regex.IsMatch(text, @"(.)\1{32}"))
            {
                continue;
            }

            CollectionAssert.AreEqual(byPipeline.Tokens.ToArray(), byModel.Tokens.ToArray(), text);
            compared++;
        }

        Assert.IsGreaterThan(300, compared);
        foreach (JsonElement entry in document.RootElement.GetProperty("decode").EnumerateArray())
        {
            int[] ids = [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            Assert.AreEqual(pipeline.Decode(ids), model.Decode(ids));
        }
    }

    [TestMethod]
    public void QueriedWordIsFoundByOverlap()
    {
        // "beak" is two tokens, 367 and 557.
        TokenizedText encoded = PublicTokenizer().Encode("\nWhere is the beak of the bird? ASSISTANT:");
        IReadOnlyList<int> positions = encoded.PositionsOf(encoded.Text.IndexOf("beak", StringComparison.Ordinal), 4);
        CollectionAssert.AreEqual(new[] { 367, 557 }, positions.Select(position => encoded.Ids[position]).ToArray());
    }

    [TestMethod]
    public void OwnModelMakesOneTokenOfEveryWord()
    {
        using TemporaryFolder folder = new();
        TextTokenizer tokenizer = OwnModel(folder, "beak", "wing", "red");
        CollectionAssert.AreEqual(new[] { "<s>", "\u2581beak", "\u2581red", "\u2581wing" }, Tokens(tokenizer.Encode("beak red wing")));
        CollectionAssert.AreEqual(
            new[] { "\u2581", "\n", "b", "e", "a", "k", "s" },
            Tokens(tokenizer.Encode("\nbeaks", addSpecialTokens: false))
        );
        Assert.AreEqual("beak red wing", tokenizer.Decode(tokenizer.Encode("beak red wing").Ids));
    }

    [TestMethod]
    public void EmptyTextIsTheTokenThatBeginsEveryText()
    {
        using TemporaryFolder folder = new();
        CollectionAssert.AreEqual(new[] { "<s>" }, Tokens(OwnModel(folder, "beak").Encode("")));
    }

    [TestMethod]
    public void AddedTokensAreCutOutUnlessTextIsEncodedPlainly()
    {
        using TemporaryFolder folder = new();
        folder.Write(TokenizerFileNames.AddedTokens, """{ "<image>": 500 }""");
        TextTokenizer tokenizer = OwnModel(folder, "beak");
        CollectionAssert.AreEqual(
            new[] { "\u2581beak", Image, "</s>", "\u2581beak" },
            Tokens(tokenizer.Encode("beak<image></s>beak", addSpecialTokens: false))
        );
        Assert.IsFalse(tokenizer.Encode("beak<image>", addSpecialTokens: false, cutAddedTokens: false).Ids.Contains(500));
        Assert.AreEqual(501, tokenizer.VocabularySize);
        Assert.AreEqual("beak", tokenizer.Decode([.. tokenizer.Encode("beak<image>").Ids]));
    }

    [TestMethod]
    public void FolderWithoutTokenizerHasNone()
    {
        using TemporaryFolder folder = new();
        Assert.IsNull(TextTokenizer.TryOpen(folder.Path));
        StringAssert.Contains(
            Assert.ThrowsExactly<CheckpointException>(() => TextTokenizer.Open(folder.Path)).Message,
            TokenizerFileNames.Pipeline
        );
    }

    [TestMethod]
    public void DamagedModelNamesTheFile()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, TokenizerFileNames.SentencePiece);
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => TextTokenizer.TryOpen(folder.Path));
        Assert.AreEqual(path, exception.FilePath);
    }

    private static TextTokenizer OwnModel(TemporaryFolder folder, params string[] words)
    {
        SentencePieceModelWriter.Write(Path.Combine(folder.Path, TokenizerFileNames.SentencePiece), words);
        return TextTokenizer.Open(folder.Path);
    }

    private static string[] Tokens(TokenizedText text) => [.. text.Tokens.Select(token => token.Text)];
}
