using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Attention;

/// <summary>Writes on a flow column how its matrices were built, and reads it back.</summary>
internal static class FlowAnnotation
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public static void Add(DataViewSchema.Annotations.Builder builder, CoarseFlowOptions options, IReadOnlyList<int> positions)
    {
        ColumnAnnotations.AddText(builder, GroundingAnnotations.CoarseFlowOptions, Text(options));
        ColumnAnnotations.AddNumbers(builder, GroundingAnnotations.CoarsePositions, positions);
    }

    public static string Text(CoarseFlowOptions options) => JsonSerializer.Serialize(options, Json);

    /// <summary>The settings that a column carries, or <see langword="null"/> where it carries none.</summary>
    public static CoarseFlowOptions? Options(DataViewSchema.Column column) =>
        ColumnAnnotations.GetText(column, GroundingAnnotations.CoarseFlowOptions) is { } text
            ? JsonSerializer.Deserialize<CoarseFlowOptions>(text, Json)
            : null;

    public static int[]? Positions(DataViewSchema.Column column) => ColumnAnnotations.GetNumbers(column, GroundingAnnotations.CoarsePositions);
}
