using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models.Tokenization;

namespace MLNetGrounding.Golden.Tokenization;

[TestClass]
[TestCategory("Golden")]
public sealed class TokenizerTests
{
    public static IEnumerable<object[]> Tokenizers => GoldenFolders.Files("tokenizers", "*.json").Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Tokenizers))]
    public void TextsIdsAndStreamsAreThoseOfHuggingFace(string name)
    {
        GoldenTokenizer golden = new(name);
        string folder = $"tokenizers/{name}";
        TextTokenizer tokenizer = new GoldenCase(folder, "encode").Load(golden.Open);
        List<Exception> failures = [];
        foreach (
            Action check in new Action[]
            {
                () => Encode(golden, tokenizer, folder),
                () => Decode(golden, tokenizer, folder),
                () => Stream(golden, tokenizer, folder),
            }
        )
        {
            try
            {
                check();
            }
            catch (AssertFailedException exception)
            {
                failures.Add(exception);
            }
        }

        Assert.IsEmpty(failures, string.Join(Environment.NewLine, failures.Select(failure => failure.Message)));
    }

    private static void Encode(GoldenTokenizer golden, TextTokenizer tokenizer, string folder)
    {
        Differences ids = new();
        Differences tokens = new();
        Differences offsets = new();
        foreach (JsonElement entry in golden.List("encode"))
        {
            string text = entry.GetProperty("text").GetString()!;
            TokenizedText encoded = tokenizer.Encode(text, entry.GetProperty("add_special_tokens").GetBoolean());
            ids.Compare(text, Numbers(entry.GetProperty("ids")), encoded.Ids);
            tokens.Compare(text, Texts(entry.GetProperty("tokens")), [.. encoded.Tokens.Select(token => token.Text)]);
            offsets.Compare(
                text,
                [.. entry.GetProperty("offsets").EnumerateArray().Select(range => (range[0].GetInt32(), range[1].GetInt32()))],
                [.. encoded.Tokens.Select(token => (token.Start, token.End))]
            );
        }

        if (golden.List("encode").Count > 0)
        {
            GoldenCase result = new(folder, "encode");
            result.Count("ids", ids.Count, ids.Example);
            result.Count("tokens", tokens.Count, tokens.Example);
            result.Count("offsets", offsets.Count, offsets.Example);
            result.Complete();
        }
    }

    private static void Decode(GoldenTokenizer golden, TextTokenizer tokenizer, string folder)
    {
        Differences decoded = new();
        foreach (JsonElement entry in golden.List("decode"))
        {
            IReadOnlyList<int> ids = Numbers(entry.GetProperty("ids"));
            decoded.Compare(
                string.Join(' ', ids),
                [entry.GetProperty("decoded").GetString()],
                [tokenizer.Decode(ids, entry.GetProperty("skip_special_tokens").GetBoolean())]
            );
        }

        if (golden.List("decode").Count > 0)
        {
            GoldenCase result = new(folder, "decode");
            result.Count("decoded", decoded.Count, decoded.Example);
            result.Complete();
        }
    }

    private static void Stream(GoldenTokenizer golden, TextTokenizer tokenizer, string folder)
    {
        Differences chunks = new();
        Differences prefixes = new();
        foreach (JsonElement entry in golden.List("stream"))
        {
            IReadOnlyList<int> ids = Numbers(entry.GetProperty("ids"));
            bool skip = entry.GetProperty("skip_special_tokens").GetBoolean();
            StreamingDecoder decoder = tokenizer.DecodeStream(skip);
            string label = string.Join(' ', ids);
            chunks.Compare(label, Texts(entry.GetProperty("chunks")), [.. ids.Select(decoder.Append)]);
            prefixes.Compare(
                label,
                Texts(entry.GetProperty("prefixes")),
                [.. ids.Select((_, index) => tokenizer.Decode(ids.Take(index + 1), skip))]
            );
        }

        if (golden.List("stream").Count > 0)
        {
            GoldenCase result = new(folder, "stream");
            result.Count("chunks", chunks.Count, chunks.Example);
            result.Count("prefixes", prefixes.Count, prefixes.Example);
            result.Complete();
        }
    }

    private static IReadOnlyList<int> Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];

    private static IReadOnlyList<string?> Texts(JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString())];
}
