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
        bool hasParts = evaluation.Methods.Any(method => !double.IsNaN(method.Mean.PartPointing.Value));
        bool hasMasks = evaluation.Methods.Any(method => !double.IsNaN(method.Mean.MassInObject.Value));
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
                .. hasParts ? (string[])["at part"] : [],
                "AUC",
                "mass in box",
                .. hasMasks ? (string[])["on object"] : [],
                .. hasParts ? (string[])["IoU"] : [],
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
                    double.IsNaN(region.Mpir.Low) ? "" : $"{Score(region.Mpir.Low)}-{Score(region.Mpir.High)}",
                    swapped is null ? "" : Score(Region(swapped.Mean).Mpir.Value),
                    Share(region.HitRate),
                    Percent(region.MedianArea),
                    Share(method.Mean.FixedAreas.First(area => area.Area == 0.05).HitRate),
                    Share(method.Mean.Pointing),
                    .. hasParts ? (string[])[Share(method.Mean.PartPointing)] : [],
                    Share(method.Mean.Auc),
                    Share(method.Mean.MassInBox),
                    .. hasMasks ? (string[])[Share(method.Mean.MassInObject)] : [],
                    .. hasParts ? (string[])[Share(region.Overlap)] : [],
                ]
            );
        }

        Write(console, paper);
        Write(console, scores);
        if (evaluation.FailedImageCount > 0)
        {
            console.WriteLine(
                $"{evaluation.FailedImageCount} of {evaluation.ImageCount} images could not be computed and are in no score."
            );
        }

        RegionScores Region(AttributeScores attribute) => attribute.AtThreshold(evaluation.RegionThreshold);
    }

    /// <summary>Prints the tables of a comparison without annotations.</summary>
    public static void Print(IAnsiConsole console, MapComparison comparison)
    {
        string threshold = comparison.RegionThreshold.ToString(CultureInfo.InvariantCulture);
        Table areas = New($"Median area at threshold {threshold}, {comparison.Rows}", ["method", .. comparison.Words, "mean"]);
        foreach (MethodAreas method in comparison.Methods)
        {
            AddRow(areas, [method.Name, .. method.Words.Append(method.Mean).Select(word => Percent(word.MedianArea))]);
        }

        Write(console, areas);
        if (comparison.Agreements.Count > 0)
        {
            Table pairs = New(
                "Agreement",
                [
                    "methods",
                    "IoU of regions",
                    string.Create(CultureInfo.InvariantCulture, $"IoU of {100 * comparison.Area:0.#} % largest"),
                    "same peak",
                ]
            );
            foreach (MethodAgreement pair in comparison.Agreements)
            {
                AddRow(pairs, [$"{pair.First}, {pair.Second}", Share(pair.Regions), Share(pair.LargestCells), Share(pair.Peaks)]);
            }

            Write(console, pairs);
        }

        if (comparison.FailedImageCount > 0)
        {
            console.WriteLine($"{comparison.FailedImageCount} of {comparison.ImageCount} images could not be computed.");
        }
    }

    /// <summary>Writes a table; a file has no width, and would have lines that nobody reads.</summary>
    private static void Write(IAnsiConsole console, Table table)
    {
        const int widest = 120;
        int before = console.Profile.Width;
        console.Profile.Width = Math.Min(before, widest);
        console.Write(table);
        console.Profile.Width = before;
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
