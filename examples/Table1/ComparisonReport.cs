using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace Table1;

/// <summary>Makes the HTML page of a finished table from its kept maps; the model is not run again.</summary>
internal static class ComparisonReport
{
    /// <summary>Writes the page.</summary>
    /// <returns>How many images it shows.</returns>
    /// <exception cref="CommandException">The maps of the table were not kept.</exception>
    public static int Write(string folder, string path)
    {
        var record = ComparisonRecord.Read(folder);
        using var kept = KeptMaps.Open(Path.Combine(folder, Table1Job.MapsName), record.Words);
        if (kept.Grid is null)
        {
            throw new CommandException(
                $"'{folder}' holds a comparison whose maps were not kept; its table is {Path.Combine(folder, "table.md")}. The same command with --keep-maps keeps them."
            );
        }

        MLContext context = new();
        var rows = Table1Rows.Again(context, record.Data);
        string[] images = ImagesOf(rows);
        string[]? labels = TextOf(rows, GroundingColumns.Label) ?? TextOf(rows, nameof(CubRow.Species));
        float[][] points = NumbersOf(rows, GroundingColumns.KeyPoints);
        float[][] visible = NumbersOf(rows, GroundingColumns.KeyPointVisible);
        float[][] boxes = NumbersOf(rows, GroundingColumns.BoundingBox);
        GroundingReport report = new(
            new GroundingReportOptions
            {
                Title = "Grounding methods compared",
                Description = $"{record.Rows}; {string.Join("; ", record.Origin.Select(line => $"{line.Key} {line.Value}"))}.",
                RegionThreshold = record.Threshold,
                KeyPointTable = record.KeyPointTable,
            }
        );
        int shown = 0;
        for (int row = 0; row < images.Length; row++)
        {
            if (kept.Find(images[row]) is not { } found || record.Methods.Any(method => !found.Maps.ContainsKey(method)))
            {
                report.AddFailed();
                continue;
            }

            MLImage decoded;
            try
            {
                decoded = ImageFile.Load(rows.Paths[row], record.Data.Loading);
            }
            catch (InvalidDataException)
            {
                report.AddFailed();
                continue;
            }

            using GroundedImage image = new()
            {
                Image = decoded,
                Geometry = ImageGeometry.FromVector(found.Geometry),
                Queries = record.Words,
                Methods = [.. record.Methods.Select(method => new GroundedMaps(method, found.Maps[method]))],
                Name = Path.GetFileName(rows.Paths[row]),
                Label = labels?[row] ?? "",
                KeyPoints = points.Length > 0 ? points[row] : default(ReadOnlyMemory<float>),
                KeyPointVisible = visible.Length > 0 ? visible[row] : default(ReadOnlyMemory<float>),
                BoundingBox = boxes.Length > 0 ? boxes[row] : default(ReadOnlyMemory<float>),
                KeyPointDescription = rows.KeyPoints,
            };
            report.Add(image);
            shown++;
        }

        report.Save(path);
        return shown;
    }

    /// <summary>What the images of rows are called, as the scores and the kept maps call them.</summary>
    public static string[] ImagesOf(Table1Rows rows) =>
        rows.View.Schema[rows.ImageId].Type is TextDataViewType
            ? [.. rows.View.GetColumn<string>(rows.ImageId)]
            : [.. rows.View.GetColumn<int>(rows.ImageId).Select(number => FormattableString.Invariant($"{number}"))];

    private static string[]? TextOf(Table1Rows rows, string column) =>
        rows.View.Schema.GetColumnOrNull(column) is null ? null : [.. rows.View.GetColumn<string>(column)];

    private static float[][] NumbersOf(Table1Rows rows, string column) =>
        rows.View.Schema.GetColumnOrNull(column) is null ? [] : [.. rows.View.GetColumn<float[]>(column)];
}
