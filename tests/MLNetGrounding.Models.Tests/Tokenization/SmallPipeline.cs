using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetGrounding.Models.Tokenization.Characters;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>A small tokenizer.json in a folder of its own.</summary>
internal sealed class SmallPipeline : IDisposable
{
    public const string NoRegex = """{ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false }""";
    public const string QwenRegex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private readonly TemporaryFolder _folder = new();

    private SmallPipeline(JsonObject root) => Root = root;

    public JsonObject Root { get; }

    public string Directory => _folder.Path;

    public string FilePath => Path.Combine(_folder.Path, TokenizerFileNames.Pipeline);

    /// <summary>Byte-level pairs: all 256 bytes, and what the merges make.</summary>
    public static SmallPipeline ByteLevel(params string[] merges) =>
        new(
            Build(
                Enumerable.Range(0, 256).Select(value => ByteAlphabet.CharacterOf((byte)value).ToString()),
                merges,
                "null",
                NoRegex,
                "null",
                NoRegex
            )
        );

    /// <summary>Pairs as Llama 2 has them: some characters, all bytes, an unknown token and the token that begins every text.</summary>
    public static SmallPipeline Llama(params string[] merges)
    {
        IEnumerable<string> tokens = new[] { "<unk>", "<s>", "</s>" }
            .Concat(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"))
            .Concat("▁abcdefghijklmnopqrstuvwxyz".Select(character => character.ToString()));
        SmallPipeline pipeline = new(
            Build(
                tokens,
                merges,
                """{ "type": "Sequence", "normalizers": [{ "type": "Prepend", "prepend": "▁" }, { "type": "Replace", "pattern": { "String": " " }, "content": "▁" }] }""",
                "null",
                """{ "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }], "pair": [], "special_tokens": { "<s>": { "id": "<s>", "ids": [1], "tokens": ["<s>"] } } }""",
                """{ "type": "Sequence", "decoders": [{ "type": "Replace", "pattern": { "String": "▁" }, "content": " " }, { "type": "ByteFallback" }, { "type": "Fuse" }, { "type": "Strip", "content": " ", "start": 1, "stop": 0 }] }"""
            )
        );
        pipeline.Set("model.unk_token", "\"<unk>\"").Set("model.fuse_unk", "true").Set("model.byte_fallback", "true");
        return pipeline.Add("<unk>", 0, special: true).Add("<s>", 1, special: true).Add("</s>", 2, special: true);
    }

    /// <summary>Sets a value, named as errors name it: <c>model.unk_token</c>.</summary>
    public SmallPipeline Set(string name, string json)
    {
        string[] keys = name.Split('.');
        JsonObject part = keys[..^1].Aggregate(Root, (outer, key) => outer[key]!.AsObject());
        part[keys[^1]] = JsonNode.Parse(json);
        return this;
    }

    /// <summary>Adds an added token.</summary>
    public SmallPipeline Add(
        string text,
        int id,
        bool special = false,
        bool singleWord = false,
        bool lstrip = false,
        bool rstrip = false,
        bool normalized = false
    )
    {
        Root["added_tokens"]!
            .AsArray()
            .Add(
                new JsonObject
                {
                    ["id"] = id,
                    ["content"] = text,
                    ["single_word"] = singleWord,
                    ["lstrip"] = lstrip,
                    ["rstrip"] = rstrip,
                    ["normalized"] = normalized,
                    ["special"] = special,
                }
            );
        return this;
    }

    public SmallPipeline Write()
    {
        File.WriteAllText(FilePath, Root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return this;
    }

    public TextTokenizer Open()
    {
        Write();
        return TextTokenizer.Open(Directory);
    }

    public void Dispose() => _folder.Dispose();

    private static JsonObject Build(
        IEnumerable<string> tokens,
        string[] merges,
        string normalizer,
        string preTokenizer,
        string postProcessor,
        string decoder
    )
    {
        JsonObject vocabulary = [];
        foreach (string token in tokens.Concat(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal))).Distinct())
        {
            vocabulary[token] = vocabulary.Count;
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = JsonNode.Parse(normalizer),
            ["pre_tokenizer"] = JsonNode.Parse(preTokenizer),
            ["post_processor"] = JsonNode.Parse(postProcessor),
            ["decoder"] = JsonNode.Parse(decoder),
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
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
            },
        };
    }
}
