using System.Text.Json;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Names the kind of quantization that a checkpoint's settings state, none of which is read.</summary>
internal static class QuantizedWeights
{
    private const string Key = "quantization_config";

    /// <summary>Settings files that older tools write beside quantized weights.</summary>
    private static readonly (string FileName, string Kind)[] Files = [("quantize_config.json", "GPTQ"), ("quant_config.json", "AWQ")];

    private static readonly (string Method, string Kind)[] Kinds =
    [
        ("awq", "AWQ"),
        ("gptq", "GPTQ"),
        ("bitsandbytes", "bitsandbytes"),
        ("fp8", "FP8"),
        ("fbgemm_fp8", "FP8"),
        ("compressed-tensors", "compressed-tensors"),
    ];

    /// <summary>Refuses a configuration that says so, itself or in the section of the language model.</summary>
    /// <exception cref="CheckpointException">It does.</exception>
    public static void Refuse(JsonSettings configuration)
    {
        foreach (
            JsonSettings? settings in new[]
            {
                configuration,
                configuration.TryGet("text_config") is { ValueKind: JsonValueKind.Object } ? configuration.Section("text_config") : null,
            }
        )
        {
            if (settings?.TryGet(Key) is { } value)
            {
                throw settings.Wrong(Key, Refusal(Kind(value)));
            }
        }
    }

    /// <summary>Refuses a folder with the settings of a quantization.</summary>
    /// <exception cref="CheckpointException">It has them.</exception>
    public static void Refuse(string directory)
    {
        foreach ((string fileName, string kind) in Files)
        {
            if (CheckpointFile.Exists(Path.Combine(directory, fileName)))
            {
                throw new CheckpointException(Path.Combine(directory, fileName), Refusal(kind) + ".");
            }
        }
    }

    private static string Refusal(string kind) =>
        $"the weights are quantized ({kind}), which is not read; use the checkpoint that it was made from, with weights in {StoredType.Supported}";

    private static string Kind(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return StrictJson.Shown(value);
        }

        string? method =
            value.TryGetProperty("quant_method", out JsonElement named) && named.ValueKind == JsonValueKind.String
                ? named.GetString()
                : null;
        int? bits =
            Bits("bits")
            ?? Bits("w_bit")
            ?? (
                IsTrue("load_in_4bit") ? 4
                : IsTrue("load_in_8bit") ? 8
                : null
            );
        string kind =
            Kinds.FirstOrDefault(kind => string.Equals(kind.Method, method, StringComparison.OrdinalIgnoreCase)).Kind
            ?? method
            ?? (IsTrue("load_in_4bit") || IsTrue("load_in_8bit") ? "bitsandbytes" : "of a kind that is not named");
        return bits is null ? kind : $"{kind}, {bits} bits";

        int? Bits(string key) =>
            value.TryGetProperty(key, out JsonElement number)
            && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt32(out int count)
                ? count
                : null;

        bool IsTrue(string key) => value.TryGetProperty(key, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
    }
}
