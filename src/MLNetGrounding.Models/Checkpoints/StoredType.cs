using static TorchSharp.torch;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>The element types a safetensors file may hold here, by their names in the file.</summary>
internal static class StoredType
{
    public const string Supported = "F32, F16 or BF16";

    public static ScalarType? TryParse(string name) =>
        name switch
        {
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "BF16" => ScalarType.BFloat16,
            _ => null,
        };

    public static string Name(ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => "F32",
            ScalarType.Float16 => "F16",
            ScalarType.BFloat16 => "BF16",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"Expected {Supported}."),
        };

    /// <summary>The name that <c>config.json</c> uses.</summary>
    public static string TorchName(ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => "float32",
            ScalarType.Float16 => "float16",
            ScalarType.BFloat16 => "bfloat16",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"Expected {Supported}."),
        };

    public static int Size(ScalarType type) => type == ScalarType.Float32 ? 4 : 2;
}
