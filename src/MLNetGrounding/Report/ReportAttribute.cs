namespace MLNetGrounding.Report;

/// <summary>
/// The scores of one query in <see cref="ReportData"/>: value, lower and upper end of its interval; the further scores in the order of
/// <see cref="ReportData.FurtherScores"/>.
/// </summary>
internal sealed record ReportAttribute(
    string Name,
    int Count,
    double?[] EqualArea,
    double?[] Mpir,
    double?[] HitRate,
    double?[] Area,
    double?[][] Further
)
{
    public static ReportAttribute Of(string name, AttributeScores? scores, double threshold, IReadOnlyList<ScoreColumn> further)
    {
        RegionScores? region = scores?.AtThreshold(threshold);
        return new(
            name,
            scores?.Count ?? 0,
            Ends(scores?.FixedAreas.FirstOrDefault(each => each.Area == ReportScores.EqualArea)?.HitRate),
            Ends(region?.Mpir),
            Ends(region?.HitRate),
            Ends(region?.MedianArea),
            [.. further.Select(column => Ends(scores?.Further[column.Name]))]
        );
    }

    private static double?[] Ends(Estimate? estimate)
    {
        Estimate known = estimate ?? Estimate.None;
        return [ReportNumber.Of(known.Value), ReportNumber.Of(known.Low), ReportNumber.Of(known.High)];
    }
}
