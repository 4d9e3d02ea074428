using MLNetGrounding.Models.Prompts;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Words whose tokens are spelled in bytes, and words without spaces around them.</summary>
[TestClass]
public sealed class WordCaseTests
{
    [TestMethod]
    [DataRow(TokenizerFileNames.Pipeline)]
    [DataRow(TokenizerFileNames.SentencePiece)]
    public void WordsOfAnyScriptAreFoundWithAllTheirTokens(string file)
    {
        string path = Path.Combine(TestData.Require("tokenizers/llava-1.5-7b-hf"), file);
        TextTokenizer tokenizer = file == TokenizerFileNames.Pipeline ? PipelineFile.Read(path) : SentencePieceFile.Read(path);
        string[] lines = File.ReadAllLines(TestData.Require("cases/words.tsv"));
        Assert.IsGreaterThan(1, lines.Length);
        foreach (string[] cells in lines.Skip(1).Select(line => line.Split('\t')))
        {
            string question = cells[0].Replace("\\n", "\n", StringComparison.Ordinal);
            TokenizedText text = tokenizer.Encode(question, addSpecialTokens: false);
            Assert.AreEqual(cells[3], string.Join(' ', text.Ids), question);
            Assert.AreEqual(cells[2], string.Join(' ', text.PositionsOf(WordSearch.Last(question, cells[1]), cells[1].Length)), question);
        }
    }
}
