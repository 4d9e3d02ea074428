namespace MLNetGrounding.DataViews;

/// <summary>Which component makes a column, for errors about columns that are missing.</summary>
internal static class ColumnMakers
{
    private const string OptionEnding = "ColumnName";
    private const string Extraction = "append ExtractAttention before this one";

    private static readonly Dictionary<string, string> Makers = new(StringComparer.Ordinal)
    {
        [GroundingColumns.ImagePath] = "load rows with LoadImageFiles",
        [GroundingColumns.Image] = "append LoadGroundingImages before this one",
        [GroundingColumns.FineAttention] = Extraction,
        [GroundingColumns.CoarseAttention] = Extraction,
        [GroundingColumns.CoarseFlow] = Extraction,
        [GroundingColumns.FlowRowSums] = Extraction,
        [GroundingColumns.Geometry] = Extraction,
        [GroundingColumns.PatchFeatures] = "append ExtractAttention with PatchFeaturesColumnName (patchFeatures: true) before this one",
        [GroundingColumns.LayerMaps] = "append SelectHeads before this one",
        [GroundingColumns.KeptHeads] = "append SelectHeads before this one",
        [GroundingColumns.CoarseMask] = "append MaskByRollout before this one",
        [GroundingColumns.GroundingMaps] = "append MaskByRollout before this one",
        [GroundingColumns.GroundingFeatures] = "append FeaturizeGrounding before this one",
        [GroundingColumns.Hit] = "append EvaluateMpir before this one",
        [GroundingColumns.Area] = "append EvaluateMpir before this one",
        [GroundingColumns.Mpir] = "append EvaluateMpir before this one",
    };

    /// <summary>What to do for a column of a default name, or <see langword="null"/>: a clause that begins in lower case.</summary>
    public static string? Of(string column) => Makers.GetValueOrDefault(column);

    /// <summary>What to do for the column that an option such as <c>LayerMapsColumnName</c> names, or <see langword="null"/>.</summary>
    public static string? OfOption(string option) =>
        option.EndsWith(OptionEnding, StringComparison.Ordinal) ? Of(option[..^OptionEnding.Length]) : Of(option);
}
