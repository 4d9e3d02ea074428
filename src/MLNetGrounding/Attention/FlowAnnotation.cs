using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Attention;

/// <summary>Writes on a flow column how its matrices were built, and reads it back.</summary>
internal static class FlowAnnotation
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public static void Add(
        DataViewSchema.Annotations.Builder builder,
        CoarseFlowOptions options,
        IReadOnlyList<int> positions,
        VisualLayout layout
    )
    {
        ColumnAnnotations.AddText(builder, GroundingAnnotations.CoarseFlowOptions, Text(options));
        ColumnAnnotations.AddNumbers(builder, GroundingAnnotations.CoarsePositions, positions);
        if (!layout.IsRowByRow)
        {
            ColumnAnnotations.AddText(builder, GroundingAnnotations.VisualLayout, JsonSerializer.Serialize(SavedLayout.Of(layout), Json));
        }
    }

    public static string Text(CoarseFlowOptions options) => JsonSerializer.Serialize(options, Json);

    /// <summary>The settings that a column carries, or <see langword="null"/> where it carries none.</summary>
    public static CoarseFlowOptions? Options(DataViewSchema.Column column) =>
        ColumnAnnotations.GetText(column, GroundingAnnotations.CoarseFlowOptions) is { } text
            ? JsonSerializer.Deserialize<CoarseFlowOptions>(text, Json)
            : null;

    /// <summary>What the visual tokens show; <see langword="null"/> where each shows one cell, row by row.</summary>
    /// <exception cref="SavedModelException">The annotation is damaged.</exception>
    public static VisualLayout? Layout(DataViewSchema.Column column) =>
        ColumnAnnotations.GetText(column, GroundingAnnotations.VisualLayout) is { } text
            ? JsonSerializer.Deserialize<SavedLayout>(text, Json)?.ToLayout()
            : null;

    public static int[]? Positions(DataViewSchema.Column column) =>
        ColumnAnnotations.GetNumbers(column, GroundingAnnotations.CoarsePositions);
}
