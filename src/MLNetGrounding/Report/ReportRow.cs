using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Maths;

namespace MLNetGrounding;

/// <summary>What of an image is scored, in the columns that <see cref="GroundingCatalog.EvaluateMethods(IDataView, MethodEvaluationOptions)"/> reads.</summary>
internal sealed record ReportRow(int Id, float[][] Maps, float[] Geometry, float[] KeyPoints, float[] KeyPointVisible, float[] BoundingBox)
{
    public static ReportRow Of(int id, GroundedImage image)
    {
        float[] geometry = new float[ImageGeometry.Length];
        image.Geometry.CopyTo(geometry);
        return new ReportRow(
            id,
            [.. image.Methods.Select(method => method.Maps.ToArray())],
            geometry,
            image.KeyPoints.ToArray(),
            image.KeyPointVisible.ToArray(),
            image.BoundingBox.ToArray());
    }

    /// <summary>The scores of all methods over the rows; <see langword="null"/> where nothing is annotated.</summary>
    public static MethodEvaluation? Evaluate(IReadOnlyList<ReportRow> rows, IReadOnlyList<string> queries, IReadOnlyList<string> methods, int grid, GroundingReportOptions options)
    {
        int points = rows.Count == 0 ? 0 : rows[0].KeyPointVisible.Length;
        if (points == 0 || rows.Any(row => row.KeyPointVisible.Length != points))
        {
            return null;
        }

        bool boxes = rows.All(row => row.BoundingBox.Length == 4);
        List<ListColumn<ReportRow>> columns =
        [
            ListColumn<ReportRow>.Scalar("ImageId", NumberDataViewType.Int32, row => row.Id),
            ListColumn<ReportRow>.Vector("Geometry", [ImageGeometry.Length], row => row.Geometry),
            ListColumn<ReportRow>.Vector("KeyPoints", [points, 2], row => row.KeyPoints),
            ListColumn<ReportRow>.Vector("KeyPointVisible", [points], row => row.KeyPointVisible),
        ];
        if (boxes)
        {
            columns.Add(ListColumn<ReportRow>.Vector("BoundingBox", [4], row => row.BoundingBox));
        }

        for (int method = 0; method < methods.Count; method++)
        {
            int index = method;
            string name = $"GroundingMaps.{methods[method]}";
            columns.Add(ListColumn<ReportRow>.Vector(name, [queries.Count, grid, grid], row => row.Maps[index]) with
            {
                Column = ColumnAnnotations.Vector(name, [queries.Count, grid, grid], ["query", "row", "column"], queries),
            });
        }

        return new MLContext().Grounding.EvaluateMethods(new ListView<ReportRow>(rows, columns), new MethodEvaluationOptions
        {
            Methods = [.. methods.Select(method => new EvaluatedMethod(method, $"GroundingMaps.{method}"))],
            BoundingBoxColumnName = boxes ? "BoundingBox" : null,
            PartMaskPathColumnName = null,
            KeyPointTable = queries.ToDictionary(query => query, query => (IReadOnlyList<int>)[.. options.KeyPointsOf(query).Where(point => point < points)]),
            RegionThreshold = options.RegionThreshold,
            Thresholds = [],
            SwappedQueries = CubParts.SwappedQueries.Where(pair => queries.Contains(pair.Key) && queries.Contains(pair.Value)).ToDictionary(),
            // Fewer than in a table: chance is only a line to compare with here.
            ChanceDraws = 1024,
        });
    }
}
