using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Comparison;

/// <summary>How evaluations and comparisons are written as JSON.</summary>
internal static class EvaluationJson
{
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            WriteIndented = true,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Converters = { new NanAsNullConverter(), new JsonStringEnumConverter() },
        };
}
