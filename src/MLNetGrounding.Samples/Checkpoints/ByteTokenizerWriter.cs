using System.Text.Json.Nodes;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Tokenization;
using MLNetGrounding.Models.Tokenization.Characters;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>
/// Writes a small <c>tokenizer.json</c> of byte-level tokens and marks: a token a byte, one for two line ends, one for each mark.
/// </summary>
internal static class ByteTokenizerWriter
{
    /// <summary>Writes the file.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="firstId">The first of the 257 ids of plain text.</param>
    /// <param name="marks">Texts that are one token each, with their ids.</param>
    public static void Write(string directory, int firstId, IReadOnlyDictionary<string, int> marks)
    {
        string end = $"{ByteAlphabet.CharacterOf((byte)'\n')}";
        JsonObject vocabulary = [];
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            vocabulary[$"{ByteAlphabet.CharacterOf((byte)value)}"] = firstId + value;
        }

        vocabulary[end + end] = firstId + byte.MaxValue + 1;
        JsonObject file = new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. marks.Select(mark => (JsonNode)Mark(mark.Key, mark.Value))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevel(addsSpace: false),
            ["post_processor"] = null,
            ["decoder"] = ByteLevel(addsSpace: true),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray($"{end} {end}"),
            },
        };
        File.WriteAllText(Path.Combine(directory, TokenizerFileNames.Pipeline), file.ToJsonString(JsonSettings.Indented) + "\n");
    }

    private static JsonObject Mark(string text, int id) =>
        new()
        {
            ["id"] = id,
            ["content"] = text,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        };

    private static JsonObject ByteLevel(bool addsSpace) =>
        new()
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = addsSpace,
            ["trim_offsets"] = true,
            ["use_regex"] = true,
        };
}
