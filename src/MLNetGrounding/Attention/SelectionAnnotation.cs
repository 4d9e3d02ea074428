using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Attention;

/// <summary>Writes on a column which head selection it was made with, or is meant for, and reads it back.</summary>
internal static class SelectionAnnotation
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public static void Add(DataViewSchema.Annotations.Builder builder, HeadSelectionOptions? selection)
    {
        if (selection is not null)
        {
            ColumnAnnotations.AddText(builder, GroundingAnnotations.HeadSelectionOptions, Text(selection));
        }
    }

    public static string Text(HeadSelectionOptions selection) => JsonSerializer.Serialize(selection, Json);

    /// <summary>The selection that a column carries, or <see langword="null"/> where it carries none.</summary>
    public static HeadSelectionOptions? Of(DataViewSchema.Column column) =>
        ColumnAnnotations.GetText(column, GroundingAnnotations.HeadSelectionOptions) is { } text
            ? JsonSerializer.Deserialize<HeadSelectionOptions>(text, Json)
            : null;
}
