using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetGrounding.Tool;

/// <summary>Makes the HTML page of a run from its maps; the model is not run again.</summary>
internal static class RunReport
{
    /// <summary>Writes the page.</summary>
    /// <returns>How many images it shows.</returns>
    public static int Write(string folder, string path)
    {
        (RunSettings record, IEnumerable<RunRow> rows) = RunFolder.Read(folder);
        GroundingReport report = new(
            new GroundingReportOptions
            {
                Title = $"Where {record.Model} looks",
                Description = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Method {record.Method}; words {string.Join(", ", record.Words)}{(record.Object is null ? "" : $" of the {record.Object}")}; model fingerprint {record.Fingerprint}; {record.Date:yyyy-MM-dd HH:mm}, version {record.Version}."
                ),
                RegionThreshold = record.Threshold,
            }
        );
        int shown = 0;
        foreach (RunRow row in rows)
        {
            if (row.Geometry is null || row.Maps is null || !File.Exists(row.Image))
            {
                report.AddFailed();
                continue;
            }

            using GroundedImage image = new()
            {
                Image = ImageFile.Load(row.Image),
                Geometry = ImageGeometry.FromVector(row.Geometry),
                Queries = record.Words,
                Methods = [new GroundedMaps(record.Method, MemoryMarshal.Cast<byte, float>(row.Maps).ToArray())],
                Name = Path.GetFileName(row.Image),
                Label = row.Label ?? "",
                KeyPoints = row.Annotations?.KeyPoints,
                KeyPointVisible = row.Annotations?.Visible,
                BoundingBox = row.Annotations?.Box,
                KeyPointDescription = record.Points?.Description ?? new KeyPointDescription(),
            };
            report.Add(image);
            shown++;
        }

        report.Save(path);
        return shown;
    }
}
