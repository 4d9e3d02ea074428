using System.Globalization;
using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization.BytePairs;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Reads the model of a tokenizer.json: byte pairs.</summary>
internal static class ModelPart
{
    public static Vocabulary ReadVocabulary(JsonSettings part)
    {
        JsonElement element = part.TryGet("vocab") is { ValueKind: JsonValueKind.Object } found
            ? found
            : throw part.Wrong("vocab", "an object of tokens and ids was expected");
        Dictionary<string, int> ids = new(element.EnumerateObject().Count(), StringComparer.Ordinal);
        foreach (JsonProperty token in element.EnumerateObject())
        {
            ids[token.Name] =
                token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out int id) && id >= 0
                    ? id
                    : throw part.Wrong($"vocab.{token.Name}", $"a whole number from 0 was expected, found {token.Value.GetRawText()}");
        }

        return new Vocabulary(ids);
    }

    public static BytePairEncoder Read(JsonSettings part, Vocabulary vocabulary)
    {
        part.Require("type", "BPE");
        if (part.Number("dropout", 0) != 0)
        {
            throw part.Wrong("dropout", "only encoding without chance is implemented");
        }

        BytePairOptions options = new()
        {
            UnknownToken = part.TryText("unk_token"),
            FuseUnknown = part.Flag("fuse_unk", false),
            ByteFallback = part.Flag("byte_fallback", false),
            IgnoreMerges = part.Flag("ignore_merges", false),
            ContinuingPrefix = part.TryText("continuing_subword_prefix") ?? "",
            EndOfWordSuffix = part.TryText("end_of_word_suffix") ?? "",
        };
        return new BytePairEncoder(part.FilePath, vocabulary, ReadMerges(part, vocabulary, options.ContinuingPrefix), options);
    }

    private static Dictionary<(int Left, int Right), (int Rank, int Merged)> ReadMerges(
        JsonSettings part,
        Vocabulary vocabulary,
        string continuingPrefix
    )
    {
        JsonElement element = part.TryGet("merges") is { ValueKind: JsonValueKind.Array } found
            ? found
            : throw part.Wrong("merges", "an array of pairs was expected");
        Dictionary<(int, int), (int, int)> merges = new(element.GetArrayLength());
        int rank = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            (string left, string right) = Pair(part, item, rank);
            if (continuingPrefix.Length > 0 && !right.StartsWith(continuingPrefix, StringComparison.Ordinal))
            {
                throw Wrong(part, rank, $"the second of a pair was expected to begin with '{continuingPrefix}', found '{right}'");
            }

            // Of a pair that is listed twice the later rank counts.
            merges[(Id(part, vocabulary, rank, left), Id(part, vocabulary, rank, right))] = (
                rank,
                Id(part, vocabulary, rank, left + right[continuingPrefix.Length..])
            );
            rank++;
        }

        return merges;
    }

    /// <summary>A pair as <c>"a b"</c> or as <c>["a", "b"]</c>.</summary>
    private static (string Left, string Right) Pair(JsonSettings part, JsonElement item, int rank)
    {
        string[] texts = item.ValueKind switch
        {
            JsonValueKind.String => item.GetString()!.Split(' '),
            JsonValueKind.Array when item.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String) =>
            [
                .. item.EnumerateArray().Select(text => text.GetString()!),
            ],
            _ => [],
        };
        return texts is [var left, var right]
            ? (left, right)
            : throw Wrong(part, rank, $"two tokens were expected, found {item.GetRawText()}");
    }

    private static int Id(JsonSettings part, Vocabulary vocabulary, int rank, string token) =>
        vocabulary.IdOf(token) ?? throw Wrong(part, rank, $"'{token}' is not in the vocabulary");

    private static CheckpointException Wrong(JsonSettings part, int rank, string problem) =>
        part.Wrong(string.Create(CultureInfo.InvariantCulture, $"merges[{rank}]"), problem);
}
