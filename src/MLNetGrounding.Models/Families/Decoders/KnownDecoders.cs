using MLNetGrounding.Models.Language;

namespace MLNetGrounding.Models.Families.Decoders;

/// <summary>Decoders that stand under one <c>model_type</c> in several families.</summary>
internal static class KnownDecoders
{
    /// <summary>Norms before each part, one key/value head a head, no biases.</summary>
    public static DecoderType Llama { get; } =
        new()
        {
            Name = "llama",
            InnerWidth = 11008,
            VocabularySize = 32000,
            Context = 2048,
        };

    /// <summary>Grouped key/value heads and a sliding window.</summary>
    public static DecoderType Mistral { get; } =
        new()
        {
            Name = "mistral",
            InnerWidth = 14336,
            KeyValueHeads = 8,
            VocabularySize = 32000,
            Context = 131072,
            Window = 4096,
        };

    /// <summary>Biases of queries, keys and values.</summary>
    public static DecoderType Qwen2 { get; } =
        new()
        {
            Name = "qwen2",
            InnerWidth = 22016,
            VocabularySize = 151936,
            Context = 32768,
            QueryKeyValueBias = true,
            WindowSwitch = "use_sliding_window",
        };

    /// <summary>Norms of queries and keys head by head.</summary>
    public static DecoderType Qwen3 { get; } =
        new()
        {
            Name = "qwen3",
            InnerWidth = 22016,
            VocabularySize = 151936,
            Context = 32768,
            HeadSize = 128,
            HeadNorms = true,
            WindowSwitch = "use_sliding_window",
        };
}
