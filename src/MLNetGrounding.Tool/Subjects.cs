using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Tool;

/// <summary>The images of a run, and what their key points are.</summary>
/// <param name="Images">The images.</param>
/// <param name="KeyPoints">What the points are; null for images without annotations.</param>
internal sealed record Subjects(IReadOnlyList<Subject> Images, KeyPointDescription? KeyPoints)
{
    public static Subjects Of(MLContext context, GroundSettings settings)
    {
        if (settings.Data.IsSample)
        {
            IEnumerable<string> found = settings.Images.SelectMany(source =>
                context.Data.LoadImageFiles(source).GetColumn<string>(GroundingColumns.ImagePath)
            );
            return new Subjects(
                [.. (settings.Limit is { } limit ? found.Take(limit) : found).Select(path => new Subject(path, path))],
                null
            );
        }

        IDataView data = settings.Data.Load(context);
        string[] paths = [.. data.GetColumn<string>(GroundingColumns.ImagePath)];
        string[] ids =
            data.Schema[GroundingColumns.ImageId].Type is TextDataViewType
                ? [.. data.GetColumn<string>(GroundingColumns.ImageId)]
                : [.. data.GetColumn<int>(GroundingColumns.ImageId).Select(id => FormattableString.Invariant($"{id}"))];
        string[] labels = ((string[])[GroundingColumns.Label, nameof(CubRow.Species)]).FirstOrDefault(name =>
            data.Schema.GetColumnOrNull(name) is not null
        )
            is { } label
            ? [.. data.GetColumn<string>(label)]
            : [.. paths.Select(_ => "")];
        float[][] points = [.. data.GetColumn<float[]>(GroundingColumns.KeyPoints)];
        float[][] visible = [.. data.GetColumn<float[]>(GroundingColumns.KeyPointVisible)];
        float[][] boxes = [.. data.GetColumn<float[]>(GroundingColumns.BoundingBox)];
        return new Subjects(
            [
                .. paths.Select(
                    (path, row) =>
                        new Subject(path, ids[row])
                        {
                            Label = labels[row],
                            Annotations = new RunAnnotations(
                                points[row],
                                visible[row],
                                Array.TrueForAll(boxes[row], float.IsFinite) ? boxes[row] : null
                            ),
                        }
                ),
            ],
            KeyPointDescription.Of(data.Schema[GroundingColumns.KeyPoints])
        );
    }
}
