using System.Text.Json;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Tokenization;

[TestClass]
public sealed class LlavaTokenizerTests
{
    private const int ImageTokenId = 32000;

    private static LlavaTokenizer PublicTokenizer() => LlavaTokenizer.TryOpen(TestData.Require("tokenizers/llava-1.5-7b-hf"))!;

    [TestMethod]
    public void PublicTokenizerGivesTheReferenceIds()
    {
        LlavaTokenizer tokenizer = PublicTokenizer();
        using var document = JsonDocument.Parse(File.ReadAllText(TestData.Fixture("golden/tokenizer_ids.json")));
        foreach (JsonProperty text in document.RootElement.EnumerateObject())
        {
            string[] sides = text.Name.Split(GroundingProfile.ImagePlaceholder);
            List<int> ids = [.. tokenizer.EncodePrefix(sides[0])];
            if (sides.Length == 2)
            {
                ids.Add(ImageTokenId);
                ids.AddRange(tokenizer.EncodeSuffix(sides[1], 0, 0).Ids);
            }

            CollectionAssert.AreEqual(text.Value.EnumerateArray().Select(id => id.GetInt32()).ToArray(), ids, text.Name);
        }
    }

    [TestMethod]
    public void QueriedWordIsFoundByOverlap()
    {
        // "beak" is two tokens, 367 and 557.
        const string text = "\nWhere is the beak of the bird? ASSISTANT:";
        (IReadOnlyList<int> ids, IReadOnlyList<int> positions) = PublicTokenizer().EncodeSuffix(text, text.IndexOf("beak", StringComparison.Ordinal), 4);
        CollectionAssert.AreEqual(new[] { 367, 557 }, positions.Select(position => ids[position]).ToArray());
    }

    [TestMethod]
    public void OwnModelMakesOneTokenOfEveryWord()
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<string> pieces = SentencePieceModelWriter.Write(Path.Combine(folder.Path, LlavaTokenizer.FileName), ["beak", "wing", "red"]);
        LlavaTokenizer tokenizer = LlavaTokenizer.TryOpen(folder.Path)!;
        string[] tokens = [.. tokenizer.EncodePrefix("beak red wing").Select(id => pieces[id])];
        CollectionAssert.AreEqual(new[] { "<s>", "\u2581beak", "\u2581red", "\u2581wing" }, tokens);
        string[] spelled = [.. tokenizer.EncodeSuffix("\nbeaks", 0, 0).Ids.Select(id => pieces[id])];
        CollectionAssert.AreEqual(new[] { "\u2581", "\n", "b", "e", "a", "k", "s" }, spelled);
    }

    [TestMethod]
    public void FolderWithoutTokenizerHasNone()
    {
        using TemporaryFolder folder = new();
        Assert.IsNull(LlavaTokenizer.TryOpen(folder.Path));
    }

    [TestMethod]
    public void DamagedModelNamesTheFile()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, LlavaTokenizer.FileName);
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        CheckpointException exception = Assert.ThrowsExactly<CheckpointException>(() => LlavaTokenizer.TryOpen(folder.Path));
        Assert.AreEqual(path, exception.FilePath);
    }

    [TestMethod]
    [DataRow("Where is the <image>?")]
    [DataRow("Where </s> is it?")]
    public void SpecialTokensInQuestionsAreRefused(string question)
    {
        using TemporaryFolder folder = new();
        SentencePieceModelWriter.Write(Path.Combine(folder.Path, LlavaTokenizer.FileName), ["beak"]);
        LlavaTokenizer tokenizer = LlavaTokenizer.TryOpen(folder.Path)!;
        Assert.ThrowsExactly<ArgumentException>(() => tokenizer.RefuseSpecialTokens(question, "beak"));
    }
}
