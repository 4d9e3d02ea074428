using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models.Prompts;

namespace MLNetGrounding.Golden.Tokenization;

/// <summary>
/// Where the queried words of the golden prompts are, by the tokenizer alone; the tests of the models report these arrays.
/// </summary>
[TestClass]
[TestCategory("Golden")]
public sealed class PromptWordTests
{
    public static IEnumerable<object[]> Folders => GoldenFolders.Folders("", "prompt.json").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void QueriedWordsHaveTheTokensThatTouchThem(string name)
    {
        string folder = GoldenFolders.Require(name);
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "prompt.json")));
        JsonElement prompt = document.RootElement;
        var tokenizer = TextTokenizer.TryOpen(Path.Combine(folder, "checkpoint"));
        if (!prompt.TryGetProperty("cases", out JsonElement cases) || tokenizer is null)
        {
            Assert.Inconclusive($"{folder} has no tokenizer or no cases.");
        }

        bool special = !prompt.TryGetProperty("add_special_tokens", out JsonElement flag) || flag.GetBoolean();
        foreach (JsonElement query in cases.EnumerateObject().SelectMany(entry => Queries(entry.Value)))
        {
            (string text, string question, string word) = (Text(query, "text"), Text(query, "question"), Text(query, "word"));
            TokenizedText encoded = tokenizer.Encode(text, special);
            int at = WordSearch.Last(question, word);
            Assert.IsGreaterThanOrEqualTo(0, at, question);

            // Image tokens are repeated before the question, so that positions agree from the end.
            int shift = query.GetProperty("input_ids").GetArrayLength() - encoded.Ids.Count;
            CollectionAssert.AreEqual(
                query.GetProperty("word_positions").EnumerateArray().Select(position => position.GetInt32()).ToArray(),
                encoded
                    .PositionsOf(text.LastIndexOf(question, StringComparison.Ordinal) + at, word.Length)
                    .Select(position => position + shift)
                    .ToArray(),
                question
            );
        }
    }

    private static IEnumerable<JsonElement> Queries(JsonElement entry) =>
        entry.TryGetProperty("queries", out JsonElement queries)
            ? queries.EnumerateArray().Where(query => query.TryGetProperty("word_positions", out _) && query.TryGetProperty("text", out _))
            : [];

    private static string Text(JsonElement query, string key) => query.GetProperty(key).GetString()!;
}
