using System.Globalization;
using Spectre.Console;

namespace ClassifyBirds;

/// <summary>Prints what came of the runs.</summary>
internal sealed class ClassificationReport(TextWriter output, bool hasPairs)
{
    private const int WidestMatrix = 24;
    private const int BootstrapSeed = 1;

    private readonly IAnsiConsole _console = Consoles.On(output);

    public void Announce(BirdData data, ClassifyBirdsSettings settings, TimeSpan extraction)
    {
        int train = data.Rows.Count(row => row.IsTrain);
        int species = data.Rows.Select(row => row.Species).Distinct(StringComparer.Ordinal).Count();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{species} species, {train} images to train and {data.Rows.Count - train} to test on, {data.Queries.Count} queries, {data.Length} features for each; extracted in {extraction.TotalSeconds:0} s."
            )
        );
        if (data.LeftOut > 0)
        {
            output.WriteLine($"Left out: {data.LeftOut} images that could not be read or whose species has no train image.");
        }

        if (settings.Data.Cub is not null && settings.Model.IsSample)
        {
            output.WriteLine(
                "The sample model was trained on drawn birds and cars and has never seen a photograph: where it looks in these, and the numbers below, mean little."
            );
        }
    }

    public void PrintTable(IReadOnlyList<ClassifiedFeatures> results)
    {
        Table table = new Table { Title = new TableTitle("Accuracy on test images, % [[95 % interval]]") }.Border(TableBorder.Simple);
        table.AddColumns("trainer", "", "features pooled by").AddColumn(new TableColumn("species").RightAligned());
        if (hasPairs)
        {
            table.AddColumn(new TableColumn("within pairs").RightAligned());
        }

        foreach (IGrouping<string, ClassifiedFeatures> trainer in results.GroupBy(result => result.Trainer))
        {
            ClassifiedFeatures grounding = trainer.First(result => result.Set.Key == "b");
            foreach (ClassifiedFeatures result in trainer)
            {
                AddRow(table, trainer.Key, result.Set.Key, result.Set.Name, result.Accuracy, () => result.PairAccuracy);
            }

            foreach (ClassifiedFeatures other in trainer.Where(result => result.Set.Key is "a" or "c"))
            {
                AddRow(
                    table,
                    trainer.Key,
                    "",
                    $"(b) - ({other.Set.Key})",
                    Interval.OfDifference(grounding.Result.Correct, other.Result.Correct, BootstrapSeed),
                    () => Interval.OfDifference(grounding.Result.CorrectInPair, other.Result.CorrectInPair, BootstrapSeed)
                );
            }
        }

        _console.Write(table);
        if (hasPairs)
        {
            output.WriteLine(
                "Within pairs: the right species scores higher than the one that differs from it in the color of a single part; chance is 50 %."
            );
        }
    }

    public void PrintConfusion(Classification result)
    {
        output.WriteLine();
        output.WriteLine($"Confusion of (b) with {SpeciesClassifier.Trainers[0]}, actual species by row, predicted by column:");
        int[,] counts = result.Confusion();
        int classes = result.Classes.Count;
        if (classes > WidestMatrix)
        {
            foreach ((int count, int actual, int predicted) in Mistakes(counts).Take(10))
            {
                output.WriteLine($"  {count, 3} x {result.Classes[actual]} taken for {result.Classes[predicted]}");
            }

            return;
        }

        int width = result.Classes.Max(name => name.Length);
        output.WriteLine(new string(' ', width) + string.Concat(Enumerable.Range(1, classes).Select(number => $"{number, 3}")));
        for (int actual = 0; actual < classes; actual++)
        {
            IEnumerable<string> cells = Enumerable
                .Range(0, classes)
                .Select(predicted => counts[actual, predicted] is > 0 and var count ? $"{count, 3}" : "  .");
            output.WriteLine(result.Classes[actual].PadRight(width) + string.Concat(cells));
        }
    }

    public void PrintImportance(IReadOnlyList<PartImportance> parts)
    {
        output.WriteLine();
        output.WriteLine($"Accuracy of (b) with {SpeciesClassifier.Sdca} lost by shuffling features between the test images, % points:");
        Table table = new Table().Border(TableBorder.Simple);
        table
            .AddColumn("part")
            .AddColumn(new TableColumn("sum over its features").RightAligned())
            .AddColumn(new TableColumn("all at once").RightAligned());
        foreach (PartImportance part in parts)
        {
            table.AddRow(Markup.Escape(part.Part), Percent(part.SumOfSlots), Percent(part.AtOnce));
        }

        _console.Write(table);
    }

    private static IEnumerable<(int Count, int Actual, int Predicted)> Mistakes(int[,] counts) =>
        from actual in Enumerable.Range(0, counts.GetLength(0))
        from predicted in Enumerable.Range(0, counts.GetLength(1))
        where actual != predicted && counts[actual, predicted] > 0
        orderby counts[actual, predicted] descending
        select (counts[actual, predicted], actual, predicted);

    private void AddRow(Table table, string trainer, string key, string name, Interval all, Func<Interval> pairs)
    {
        List<string> cells = [trainer, key.Length > 0 ? $"({key})" : "", name, Text(all)];
        if (hasPairs)
        {
            cells.Add(Text(pairs()));
        }

        table.AddRow([.. cells.Select(Markup.Escape)]);
    }

    private static string Text(Interval interval) => $"{Percent(interval.Value)} [{Percent(interval.Low)}, {Percent(interval.High)}]";

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
}
