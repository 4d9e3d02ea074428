using System.Globalization;
using System.Text.Json;

namespace MLNetGrounding.Data.Coco;

/// <summary>Values of a COCO file; null for what is of another kind.</summary>
internal static class CocoValue
{
    /// <summary>An id: a whole number, or text as some tools write it.</summary>
    public static string? Id(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out long number) => number.ToString(CultureInfo.InvariantCulture),
            JsonValueKind.String when value.GetString() is { Length: > 0 } text && !text.Any(char.IsControl) => text,
            _ => null,
        };

    /// <summary>A finite number.</summary>
    public static double? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && float.IsFinite((float)number) ? number : null;

    /// <summary>A list of finite numbers.</summary>
    public static double[]? Numbers(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        double?[] numbers = [.. value.EnumerateArray().Select(Number)];
        return Array.Exists(numbers, number => number is null) ? null : [.. numbers.Select(number => number!.Value)];
    }

    /// <summary>Whether there is nothing.</summary>
    public static bool IsMissing(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
}
