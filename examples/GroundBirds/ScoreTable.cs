using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;
using Spectre.Console;

namespace GroundBirds;

/// <summary>Collects the scores of the rows that are done, and prints them per attribute.</summary>
internal sealed class ScoreTable(MLContext context, IReadOnlyList<string> queries)
{
    private readonly List<Scores> _scores = [];
    private readonly List<double> _keptShares = [];

    public int Failed { get; private set; }

    public int Done => _scores.Count;

    public void Add(GroundedRow row)
    {
        if (row.Failed)
        {
            Failed++;
            return;
        }

        _scores.Add(
            new Scores
            {
                Hit = row.Hit,
                Area = row.Area,
                Mpir = row.Mpir,
            }
        );
        _keptShares.AddRange(Enumerable.Range(0, queries.Count).Select(row.KeptShareOf));
    }

    public void Print(IAnsiConsole console, string title)
    {
        if (_scores.Count == 0)
        {
            console.WriteLine("No image was scored.");
            return;
        }

        GroundingMetrics metrics = Evaluate();
        Table table = new Table { Title = new TableTitle(Markup.Escape(title)) }.Border(TableBorder.Simple);
        table.AddColumn("attribute");
        foreach (string heading in (string[])["n", "mPIR", "hit rate", "median area"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        for (int query = 0; query < queries.Count; query++)
        {
            AddRow(table, queries[query], metrics.Attributes[query]);
        }

        table.AddEmptyRow();
        AddRow(table, "all", metrics.Overall);
        console.Write(table);
        console.WriteLine($"Heads kept by head selection: {Percent(_keptShares.Average())} of all, on average over images and queries.");
    }

    /// <summary>The rows as a view again, so that the sums are those of the library.</summary>
    private GroundingMetrics Evaluate()
    {
        var definition = SchemaDefinition.Create(typeof(Scores));
        foreach (SchemaDefinition.Column column in definition)
        {
            column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, queries.Count);
        }

        return context.Grounding.Evaluate(context.Data.LoadFromEnumerable(_scores, definition));
    }

    private static void AddRow(Table table, string name, AttributeMetrics metrics) =>
        table.AddRow(
            Markup.Escape(name),
            metrics.Count.ToString(CultureInfo.InvariantCulture),
            double.IsNaN(metrics.MeanMpir) ? "-" : metrics.MeanMpir.ToString("0.000", CultureInfo.InvariantCulture),
            Percent(metrics.HitRate),
            Percent(metrics.MedianArea)
        );

    private static string Percent(double share) =>
        double.IsNaN(share) ? "-" : (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private sealed class Scores
    {
        public float[] Hit { get; set; } = [];

        public float[] Area { get; set; } = [];

        public float[] Mpir { get; set; } = [];
    }
}
