using System.Globalization;
using MLNetGrounding;
using Spectre.Console;

namespace Table1;

/// <summary>The two tables that matter, on a console; the files hold the rest.</summary>
internal static class Table1Printer
{
    public static void Print(IAnsiConsole console, MethodEvaluation evaluation)
    {
        string threshold = evaluation.RegionThreshold.ToString(CultureInfo.InvariantCulture);
        Table paper = New($"mPIR at threshold {threshold}, {evaluation.Rows}", ["method", .. evaluation.Attributes, "mean"]);
        Table scores = New(
            "Means over the attributes",
            [
                "method",
                "mPIR",
                "interval",
                "swapped",
                "hit rate",
                "median area",
                "hit at 5 %",
                "pointing",
                "pointing, part",
                "AUC",
                "mass in box",
                "IoU",
            ]
        );
        foreach (MethodScores method in evaluation.Methods.Where(method => method.Kind != MethodKind.SwappedQuery))
        {
            AddRow(paper, [method.Name, .. method.Attributes.Append(method.Mean).Select(attribute => Score(Region(attribute).Mpir.Value))]);
            RegionScores region = Region(method.Mean);
            MethodScores? swapped = evaluation.Methods.FirstOrDefault(other => other.MapsOf == method.Name);
            AddRow(
                scores,
                [
                    method.Name,
                    Score(region.Mpir.Value),
                    $"{Score(region.Mpir.Low)} to {Score(region.Mpir.High)}",
                    swapped is null ? "" : Score(Region(swapped.Mean).Mpir.Value),
                    Share(region.HitRate),
                    Percent(region.MedianArea),
                    Share(method.Mean.FixedAreas.First(area => area.Area == 0.05).HitRate),
                    Share(method.Mean.Pointing),
                    Share(method.Mean.PartPointing),
                    Share(method.Mean.Auc),
                    Share(method.Mean.MassInBox),
                    Share(region.Overlap),
                ]
            );
        }

        console.Write(paper);
        console.Write(scores);
        if (evaluation.FailedImageCount > 0)
        {
            console.WriteLine(
                $"{evaluation.FailedImageCount} of {evaluation.ImageCount} images could not be computed and are in no score."
            );
        }

        RegionScores Region(AttributeScores attribute) => attribute.AtThreshold(evaluation.RegionThreshold);
    }

    private static Table New(string title, IReadOnlyList<string> headings)
    {
        Table table = new Table { Title = new TableTitle(Markup.Escape(title)) }.Border(TableBorder.Simple);
        table.AddColumn(headings[0]);
        foreach (string heading in headings.Skip(1))
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        return table;
    }

    private static void AddRow(Table table, IEnumerable<string> cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    private static string Score(double value) => double.IsNaN(value) ? "" : value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Share(Estimate estimate) =>
        double.IsNaN(estimate.Value) ? "" : estimate.Value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(Estimate estimate) =>
        double.IsNaN(estimate.Value) ? "" : (100 * estimate.Value).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
