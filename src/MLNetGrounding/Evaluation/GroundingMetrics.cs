using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding;

/// <summary>How well attributes were grounded, one by one and overall.</summary>
public sealed class GroundingMetrics
{
    private GroundingMetrics(long rows, IReadOnlyList<AttributeMetrics> attributes, AttributeMetrics overall)
    {
        RowCount = rows;
        Attributes = attributes;
        Overall = overall;
        MeanMpir = Mean(attributes.Where(attribute => attribute.Count > 0).Select(attribute => attribute.MeanMpir));
    }

    /// <summary>The number of rows read, scored or not.</summary>
    public long RowCount { get; }

    /// <summary>The attributes in the order of the queries.</summary>
    public IReadOnlyList<AttributeMetrics> Attributes { get; }

    /// <summary>All scored pairs of image and attribute together.</summary>
    public AttributeMetrics Overall { get; }

    /// <summary>The mean of the attributes' mean mPIR, each attribute counting the same, as the paper's table 1 averages.</summary>
    public double MeanMpir { get; }

    /// <summary>Reads the scores of a view once and keeps no more than the numbers that the medians need.</summary>
    internal static GroundingMetrics Read(IDataView data, string hitColumnName, string areaColumnName, string mpirColumnName)
    {
        const string Component = "Evaluate";
        InputColumn[] inputs =
        [
            new(Component, nameof(hitColumnName), hitColumnName, NumberDataViewType.Single, ["queries"]),
            new(Component, nameof(areaColumnName), areaColumnName, NumberDataViewType.Single, ["queries"]),
            new(Component, nameof(mpirColumnName), mpirColumnName, NumberDataViewType.Single, ["queries"]),
        ];
        DataViewSchema.Column[] columns = Array.ConvertAll(inputs, input => input.Find(data.Schema));
        int queries = inputs[2].DimensionsOf(columns[2])[0];
        for (int index = 0; index < 2; index++)
        {
            inputs[index].RequireDimension(0, inputs[index].DimensionsOf(columns[index])[0], queries, $"column '{mpirColumnName}'");
        }

        IReadOnlyList<string> names = ColumnAnnotations.QueryNames(inputs[2], columns[2], queries, null)
            ?? [.. Enumerable.Range(0, queries).Select(query => $"query {query}")];
        Scores[] scores = [.. names.Select(_ => new Scores())];
        long rows = 0;
        using (DataViewRowCursor cursor = data.GetRowCursor(columns))
        {
            VectorInput[] readers = Array.ConvertAll(columns, column => new VectorInput(cursor, column));
            for (; cursor.MoveNext(); rows++)
            {
                ReadOnlySpan<float> hit = readers[0].Read();
                ReadOnlySpan<float> area = readers[1].Read();
                ReadOnlySpan<float> mpir = readers[2].Read();
                for (int query = 0; query < mpir.Length; query++)
                {
                    if (!float.IsNaN(mpir[query]))
                    {
                        scores[query].Add(hit[query], area[query], mpir[query]);
                    }
                }
            }
        }

        return new GroundingMetrics(
            rows,
            [.. names.Select((name, query) => Summarize(name, [scores[query]]))],
            Summarize("all", scores));
    }

    private static AttributeMetrics Summarize(string name, Scores[] scores)
    {
        float[] areas = [.. scores.SelectMany(each => each.Areas).Order()];
        double count = areas.Length;
        return new AttributeMetrics(name, areas.Length, scores.Sum(each => each.Mpir) / count, scores.Sum(each => each.Hits) / count, Median(areas));
    }

    private static double Median(float[] sorted) => sorted.Length == 0
        ? double.NaN
        : ((double)sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();

    private sealed class Scores
    {
        public double Hits { get; private set; }

        public double Mpir { get; private set; }

        public List<float> Areas { get; } = [];

        public void Add(float hit, float area, float mpir)
        {
            Hits += hit;
            Mpir += mpir;
            Areas.Add(area);
        }
    }
}
