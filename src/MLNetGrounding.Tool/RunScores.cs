using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.Tool;

/// <summary>The scores of a run over annotated images, from its maps.</summary>
internal static class RunScores
{
    public const string ScoresName = "scores.csv";
    public const string TableName = "scores.md";

    /// <summary>Scores the run of a folder, writes the scores of each image and the tables, and tells the main ones.</summary>
    public static MethodEvaluation Write(MLContext context, string folder, FolderLock held)
    {
        (RunSettings record, IEnumerable<RunRow> rows) = RunFolder.Read(folder);
        ScoredRow[] scored =
        [
            .. rows.Where(row => row is { Maps: not null, Geometry: not null, Annotations: not null }).Select(ScoredRow.Of),
        ];
        MapGrid grid = ImageGeometry.FromVector(scored[0].Geometry).Grid;
        int points = record.Points!.Names.Count;
        var definition = SchemaDefinition.Create(typeof(ScoredRow));
        definition[GroundingColumns.KeyPoints].ColumnType = new VectorDataViewType(NumberDataViewType.Single, points, 2);
        definition[GroundingColumns.KeyPointVisible].ColumnType = new VectorDataViewType(NumberDataViewType.Single, points);
        definition[GroundingColumns.GroundingMaps].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            record.Words.Count,
            grid.Height,
            grid.Width
        );
        record.Points.Description.AddTo(definition[GroundingColumns.KeyPoints]);
        MethodEvaluation evaluation = context.Grounding.EvaluateMethods(
            context.Data.LoadFromEnumerable(scored, definition),
            new MethodEvaluationOptions
            {
                Methods = [new EvaluatedMethod(record.Method, GroundingColumns.GroundingMaps)],
                QueryNames = record.Words,
                RegionThreshold = record.Threshold,
                RowsDescription = "the annotated images of the run",
                Origin =
                [
                    new("model", record.Model),
                    new("fingerprint", record.Fingerprint),
                    new("version", $"MLNetGrounding {record.Version}"),
                    new("date", record.Date.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)),
                ],
                ScoresPath = Path.Combine(folder, ScoresName),
                ScoresLock = held,
            }
        );
        File.WriteAllText(Path.Combine(folder, TableName), evaluation.ToMarkdown());
        return evaluation;
    }

    /// <summary>The lines that tell how well the words were found.</summary>
    public static IEnumerable<string> Lines(MethodEvaluation evaluation)
    {
        foreach (AttributeScores word in evaluation.Methods[0].Attributes.Append(evaluation.Methods[0].Mean).Where(word => word.Count > 0))
        {
            RegionScores region = word.AtThreshold(evaluation.RegionThreshold);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{word.Name}: hit {region.HitRate.Value:0.00} of {word.Count}, median area {100 * region.MedianArea.Value:0.0} %, mPIR {region.Mpir.Value:0.0}, hit at 5 % of the image {word.FixedAreas.First(area => area.Area == 0.05).HitRate.Value:0.00}"
            );
        }
    }

    /// <summary>The property names are column names.</summary>
    private sealed class ScoredRow
    {
        public string ImageId { get; set; } = "";

        public string ImagePath { get; set; } = "";

        [VectorType(ImageGeometry.Length)]
        public float[] Geometry { get; set; } = [];

        [VectorType(4)]
        public float[] BoundingBox { get; set; } = [];

        public float[] KeyPoints { get; set; } = [];

        public float[] KeyPointVisible { get; set; } = [];

        public float[] GroundingMaps { get; set; } = [];

        public static ScoredRow Of(RunRow row) =>
            new()
            {
                ImageId = row.Id ?? row.Image,
                ImagePath = row.Image,
                Geometry = row.Geometry!,
                BoundingBox = row.Annotations!.Box ?? [float.NaN, float.NaN, float.NaN, float.NaN],
                KeyPoints = row.Annotations.KeyPoints,
                KeyPointVisible = row.Annotations.Visible,
                GroundingMaps = MemoryMarshal.Cast<byte, float>(row.Maps).ToArray(),
            };
    }
}
