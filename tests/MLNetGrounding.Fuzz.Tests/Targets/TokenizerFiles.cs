using System.Text.Json;

namespace MLNetGrounding.Fuzz;

/// <summary>Small valid files of the form of Hugging Face's tokenizers.</summary>
internal static class TokenizerFiles
{
    /// <summary>Byte pairs of byte-level characters, as GPT-2's descendants have them.</summary>
    public static byte[] ByteLevel()
    {
        string[] bytes = [.. ByteCharacters()];
        string[] merges = ["b e", "be a", "bea k", "\u0120 t", "\u0120t he"];
        string[] vocabulary = [.. bytes, "he", .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)), "<|end|>"];
        return Write(
            vocabulary,
            ["h e", .. merges],
            byteFallback: false,
            added: [Added(vocabulary.Length - 1, "<|end|>")],
            normalizer: new { type = "NFC" },
            preTokenizer: new
            {
                type = "Sequence",
                pretokenizers = new object[]
                {
                    new
                    {
                        type = "Split",
                        pattern = new { Regex = @"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+" },
                        behavior = "Isolated",
                        invert = false,
                    },
                    new
                    {
                        type = "ByteLevel",
                        add_prefix_space = false,
                        trim_offsets = true,
                        use_regex = false,
                    },
                },
            },
            postProcessor: new
            {
                type = "ByteLevel",
                add_prefix_space = false,
                trim_offsets = false,
                use_regex = false,
            },
            decoder: new
            {
                type = "ByteLevel",
                add_prefix_space = false,
                trim_offsets = true,
                use_regex = true,
            }
        );
    }

    /// <summary>Byte pairs of characters with bytes for those that it lacks, as Llama's descendants have them.</summary>
    public static byte[] ByteFallback()
    {
        string[] merges = ["\u2581 b", "\u2581b e", "a k"];
        string[] vocabulary =
        [
            "<unk>",
            "<s>",
            "</s>",
            .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
            "\u2581",
            .. "abcdefghijklmnopqrstuvwxyz?".Select(letter => letter.ToString()),
            .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)),
        ];
        return Write(
            vocabulary,
            merges,
            byteFallback: true,
            added: [Added(0, "<unk>"), Added(1, "<s>"), Added(2, "</s>")],
            normalizer: new
            {
                type = "Sequence",
                normalizers = new object[]
                {
                    new { type = "Prepend", prepend = "\u2581" },
                    new
                    {
                        type = "Replace",
                        pattern = new { String = " " },
                        content = "\u2581",
                    },
                },
            },
            preTokenizer: null,
            postProcessor: new
            {
                type = "TemplateProcessing",
                single = new object[]
                {
                    new { SpecialToken = new { id = "<s>", type_id = 0 } },
                    new { Sequence = new { id = "A", type_id = 0 } },
                },
                pair = new object[] { new { Sequence = new { id = "A", type_id = 0 } }, new { Sequence = new { id = "B", type_id = 1 } } },
                special_tokens = new Dictionary<string, object>
                {
                    ["<s>"] = new
                    {
                        id = "<s>",
                        ids = new[] { 1 },
                        tokens = new[] { "<s>" },
                    },
                },
            },
            decoder: new
            {
                type = "Sequence",
                decoders = new object[]
                {
                    new
                    {
                        type = "Replace",
                        pattern = new { String = "\u2581" },
                        content = " ",
                    },
                    new { type = "ByteFallback" },
                    new { type = "Fuse" },
                    new
                    {
                        type = "Strip",
                        content = " ",
                        start = 1,
                        stop = 0,
                    },
                },
            }
        );
    }

    private static byte[] Write(
        string[] vocabulary,
        string[] merges,
        bool byteFallback,
        object[] added,
        object normalizer,
        object? preTokenizer,
        object postProcessor,
        object decoder
    ) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                version = "1.0",
                truncation = (object?)null,
                padding = (object?)null,
                added_tokens = added,
                normalizer,
                pre_tokenizer = preTokenizer,
                post_processor = postProcessor,
                decoder,
                model = new
                {
                    type = "BPE",
                    dropout = (double?)null,
                    unk_token = byteFallback ? "<unk>" : null,
                    continuing_subword_prefix = (string?)null,
                    end_of_word_suffix = (string?)null,
                    fuse_unk = byteFallback,
                    byte_fallback = byteFallback,
                    ignore_merges = false,
                    vocab = vocabulary.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id),
                    merges,
                },
            }
        );

    private static object Added(int id, string content) =>
        new
        {
            id,
            content,
            single_word = false,
            lstrip = false,
            rstrip = false,
            normalized = false,
            special = true,
        };

    /// <summary>The character that stands for each byte: itself where it prints, else one from 256 on.</summary>
    private static IEnumerable<string> ByteCharacters()
    {
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool prints = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            yield return ((char)(prints ? value : next++)).ToString();
        }
    }
}
