using System.Text;
using MLNetGrounding.Testing;
using Tokenizers.DotNet;

namespace MLNetGrounding.Models.Tokenization;

/// <summary>Ids of random texts beside those of Hugging Face's own code, which always adds special tokens and gives no offsets.</summary>
[TestClass]
public sealed class OracleTests
{
    private const int Texts = 400;

    private static readonly string[] Parts =
    [
        "the",
        "beak",
        " beak",
        "Where",
        " is",
        "a",
        "e",
        "s",
        "'s",
        "'S",
        "'ſ",
        "I'LL",
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\u00A0",
        "\u3000",
        "\u0085",
        "\u200B",
        "\u200D",
        "\uFEFF",
        "1",
        "23",
        "4567",
        "½",
        "٣",
        "Ⅷ",
        "²",
        "\U0001D7D8",
        "é",
        "e\u0301",
        "q\u0307\u0323",
        "Å",
        "\u212B",
        "ﬁ",
        "İ",
        "Σ",
        "ß",
        "ſ",
        "\u1E9B\u0323",
        "鸟的翅膀在哪里",
        "くちばし",
        "\u304B\u3099",
        "날개",
        "\u1100\u1161\u11A8",
        "ปีก",
        "крыло",
        "جناح",
        "पंख",
        "\u0958",
        "\u0301",
        "\u093C",
        "\u1DF6",
        "\u08D3",
        "\U0001F426",
        "\U0001F468\u200D\U0001F469",
        "\u2764\uFE0F",
        "\U0001D4D7",
        "\U00020000",
        "\U000105C0",
        "\U0001E4D0",
        "\u0897",
        "!",
        "...",
        "=",
        "<",
        ">",
        "</",
        "_",
        "-",
        "\0",
        "\u0004",
        "\uFFFD",
        "\uFFFE",
        "\uE000",
        "<image>",
        "<IMAGE>",
        " <image> ",
        "</s>",
        "<s>",
        "<unk>",
        "<|im_start|>",
        "<|im_end|>",
        "<lef>",
        " <rig> ",
        "word",
        "<0x0A>",
    ];

    private static readonly Dictionary<string, Func<SmallPipeline>> Pipelines = new()
    {
        ["NFC, Qwen's regular expression"] = () =>
            SmallPipeline
                .ByteLevel("Ġ b", "Ġb e", "a k", "t h", "th e", "Ġ the", "Ã ©", "ç ¿", "ç¿ ħ")
                .Set("normalizer", """{ "type": "NFC" }""")
                .Set("pre_tokenizer", Sequence(Split(SmallPipeline.QwenRegex, "Isolated", false), SmallPipeline.NoRegex)),
        ["digits, GPT-2's regular expression"] = () =>
            SmallPipeline
                .ByteLevel("Ġ b", "Ġb e", "a k", "Ġ Ġ")
                .Set(
                    "pre_tokenizer",
                    Sequence(
                        """{ "type": "Digits", "individual_digits": true }""",
                        """{ "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true }"""
                    )
                ),
        ["digits in runs"] = () =>
            SmallPipeline
                .ByteLevel("4 5", "6 7")
                .Set("pre_tokenizer", Sequence("""{ "type": "Digits", "individual_digits": false }""", SmallPipeline.NoRegex)),
        ["three digits, possessive"] = () =>
            SmallPipeline
                .ByteLevel("4 5", "45 6", "Ġ i")
                .Set(
                    "pre_tokenizer",
                    Sequence(
                        Split(
                            @"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
                            "Isolated",
                            false
                        ),
                        SmallPipeline.NoRegex
                    )
                ),
        ["upper and lower case"] = () =>
            SmallPipeline
                .ByteLevel("W h", "e r")
                .Set(
                    "pre_tokenizer",
                    Sequence(
                        Split(@"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|\p{P}+|\p{S}", "MergedWithNext", false),
                        SmallPipeline.NoRegex
                    )
                ),
        ["contiguous"] = () =>
            SmallPipeline
                .ByteLevel("a e", "s s")
                .Set("pre_tokenizer", Sequence(Split(@"[aes]", "Contiguous", false), SmallPipeline.NoRegex)),
        ["lower case"] = () =>
            SmallPipeline
                .ByteLevel("t h", "i Ì")
                .Set(
                    "normalizer",
                    """{ "type": "Sequence", "normalizers": [{ "type": "NFC" }, { "type": "Replace", "pattern": { "Regex": "\\s+" }, "content": " " }, { "type": "Lowercase" }] }"""
                )
                .Set(
                    "pre_tokenizer",
                    Sequence(
                        Split(@"'s|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", "Removed", true),
                        """{ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true }"""
                    )
                ),
        ["Llama"] = () => SmallPipeline.Llama("t h", "th e", "▁ b", "▁b e", "a k", "▁ ▁", "▁▁ ▁▁", "▁ the"),
        ["Llama, unknown tokens one by one"] = () =>
            SmallPipeline.Llama("t h").Set("model.byte_fallback", "false").Set("model.fuse_unk", "false"),
        ["Metaspace, cut"] = () =>
            SmallPipeline
                .Llama("t h", "▁ b", "▁b e", "a k")
                .Set("normalizer", "null")
                .Set("pre_tokenizer", """{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true }"""),
        ["Metaspace, always"] = () =>
            SmallPipeline
                .Llama("t h", "▁ b", "▁ ▁")
                .Set("normalizer", "null")
                .Set("pre_tokenizer", """{ "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": false }"""),
        ["whole pieces before merges"] = () =>
            SmallPipeline
                .ByteLevel("t h", "h e", "t he", "Ġ b")
                .Set("model.ignore_merges", "true")
                .Set("pre_tokenizer", Sequence(Split(SmallPipeline.QwenRegex, "Isolated", false), SmallPipeline.NoRegex)),
    };

    public static IEnumerable<object[]> Names => Pipelines.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void IdsOfRandomTextsAreThoseOfHuggingFace(string name)
    {
        using SmallPipeline pipeline = Pipelines[name]();
        int next = pipeline.Root["model"]!["vocab"]!.AsObject().Count;
        pipeline
            .Add("<image>", next, special: true)
            .Add("<|im_start|>", next + 1, special: true)
            .Add("<|im_end|>", next + 2)
            .Add("<lef>", next + 3, lstrip: true)
            .Add("<rig>", next + 4, rstrip: true)
            .Add("word", next + 5, singleWord: true)
            .Write();
        Compare(pipeline.Directory, name.Length);
    }

    [TestMethod]
    [DataRow("qwen3")]
    [DataRow("smollm2")]
    [DataRow("clip-vit-base-patch32")]
    [DataRow("mistral-7b-v0.1")]
    [DataRow("phi-3-mini")]
    [DataRow("style-llama3")]
    [DataRow("style-qwen3.5")]
    [DataRow("style-added")]
    [DataRow("style-llama-normalized")]
    [DataRow("style-metaspace")]
    public void IdsOfRealTokenizersAreThoseOfHuggingFace(string name) => Compare(TestData.Require($"tokenizers/{name}"), name.Length);

    private static void Compare(string directory, int seed)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            Assert.Inconclusive("The native library that is compared with is here for Linux on x64.");
        }

        var tokenizer = TextTokenizer.Open(directory);
        using Tokenizer oracle = new(vocabPath: tokenizer.FilePath);
        Random random = new(seed);
        for (int round = 0; round < Texts; round++)
        {
            StringBuilder text = new();
            for (int count = random.Next(1, 12); count > 0; count--)
            {
                text.Append(Parts[random.Next(Parts.Length)]);
            }

            int[] expected = [.. oracle.Encode(text.ToString()).Select(id => (int)id)];
            CollectionAssert.AreEqual(
                expected,
                tokenizer.Encode(text.ToString()).Ids.ToArray(),
                System.Text.Json.JsonSerializer.Serialize(text.ToString())
            );
        }
    }

    private static string Sequence(params string[] steps) =>
        $$"""{ "type": "Sequence", "pretokenizers": [{{string.Join(", ", steps)}}] }""";

    private static string Split(string regex, string behavior, bool invert) =>
        $$"""{ "type": "Split", "pattern": { "Regex": {{System.Text.Json.JsonSerializer.Serialize(regex)}} }, "behavior": "{{behavior}}", "invert": {{(invert ? "true" : "false")}} }""";
}
