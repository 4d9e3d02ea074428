namespace MLNetGrounding.Report;

/// <summary>The scores of a method or baseline in <see cref="ReportData"/>; without an evaluation they are empty.</summary>
internal sealed record ReportMethod(
    string Name,
    string Kind,
    string Description,
    IReadOnlyList<ReportAttribute> Attributes,
    ReportAttribute Mean
)
{
    public static ReportMethod Of(
        string name,
        MethodScores? scores,
        IReadOnlyList<string> queries,
        double threshold,
        IReadOnlyList<ScoreColumn> further
    ) =>
        new(
            name,
            (scores?.Kind ?? MethodKind.Method).ToString(),
            scores?.Description ?? "",
            [
                .. queries.Select(query =>
                    ReportAttribute.Of(query, scores?.Attributes.First(attribute => attribute.Name == query), threshold, further)
                ),
            ],
            ReportAttribute.Of("mean", scores?.Mean, threshold, further)
        );
}
