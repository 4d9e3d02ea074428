namespace MLNetGrounding.Data;

/// <summary>The columns that loaders of key points have in common.</summary>
internal static class AnnotatedRows
{
    private static readonly string[] BoxSlots = ["x", "y", "width", "height"];

    /// <summary>A view of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="description">What their points are.</param>
    public static ListView<AnnotatedRow> View(IReadOnlyList<AnnotatedRow> rows, KeyPointDescription description) =>
        new(
            rows,
            [
                ListColumn<AnnotatedRow>.Text(GroundingColumns.ImageId, row => row.ImageId),
                ListColumn<AnnotatedRow>.Text(GroundingColumns.ImagePath, row => row.ImagePath),
                ListColumn<AnnotatedRow>.Text(GroundingColumns.Label, row => row.Label),
                ListColumn<AnnotatedRow>.Vector(GroundingColumns.BoundingBox, [BoxSlots.Length], row => row.BoundingBox, BoxSlots),
                KeyPoints<AnnotatedRow>(description, row => row.KeyPoints),
                ListColumn<AnnotatedRow>.Vector(
                    GroundingColumns.KeyPointVisible,
                    [description.Names.Count],
                    row => row.KeyPointVisible,
                    description.Names
                ),
            ]
        );

    /// <summary>The column of key points, which carries what they are.</summary>
    public static ListColumn<TRow> KeyPoints<TRow>(KeyPointDescription description, Func<TRow, float[]> read) =>
        ListColumn<TRow>.Vector(
            GroundingColumns.KeyPoints,
            [description.Names.Count, 2],
            read,
            [.. description.Names.SelectMany(name => new[] { name + ", x", name + ", y" })],
            description.Annotate
        );
}
