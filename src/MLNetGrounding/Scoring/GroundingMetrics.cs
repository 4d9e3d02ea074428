using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding;

/// <summary>
/// How well attributes were grounded, one by one and overall. Intervals hold 95 % of 1000 resamplings of the rows (percentiles, fixed
/// seed).
/// </summary>
public sealed class GroundingMetrics
{
    /// <summary>Resamplings of the images behind each interval.</summary>
    internal const int Replicates = 1000;

    /// <summary>The share of resamplings inside an interval.</summary>
    internal const double Confidence = 0.95;

    private const ulong Seed = 1;
    private const int HitColumn = 0;
    private const int AreaColumn = 1;
    private const int MpirColumn = 2;

    private static readonly ScoreColumn[] Columns =
    [
        new("hit", ScoreAggregate.Mean),
        new("area", ScoreAggregate.Median),
        new("mpir", ScoreAggregate.Mean),
    ];

    private GroundingMetrics(long rows, IReadOnlyList<AttributeMetrics> attributes, AttributeMetrics overall, Estimate mean)
    {
        RowCount = rows;
        Attributes = attributes;
        Overall = overall;
        MeanMpirEstimate = mean;
    }

    /// <summary>The number of rows read, scored or not.</summary>
    public long RowCount { get; }

    /// <summary>The attributes in the order of the queries.</summary>
    public IReadOnlyList<AttributeMetrics> Attributes { get; }

    /// <summary>All scored pairs of image and attribute together.</summary>
    public AttributeMetrics Overall { get; }

    /// <summary>The mean of the attributes' mean mPIR, each attribute counting the same, as the paper's table 1 averages.</summary>
    public double MeanMpir => MeanMpirEstimate.Value;

    /// <summary><see cref="MeanMpir"/> with its interval.</summary>
    public Estimate MeanMpirEstimate { get; }

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

        IReadOnlyList<string> names =
            ColumnAnnotations.QueryNames(inputs[2], columns[2], queries, null)
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
                        scores[query].Add((int)rows, hit[query], area[query], mpir[query]);
                    }
                }
            }
        }

        var bootstrap = new ImageBootstrap((int)rows, Replicates, Seed);
        ResampledScores[] sums = [.. scores.Select(each => bootstrap.Resample([.. each.Images], [.. each.Values], Columns))];
        var mean = ResampledScores.Mean(sums, Columns.Length, Replicates);
        return new GroundingMetrics(
            rows,
            [.. names.Select((name, query) => Describe(name, scores[query].Images.Count, sums[query]))],
            Describe("all", scores.Sum(each => each.Images.Count), Pool(bootstrap, scores)),
            mean.Estimate(MpirColumn, Confidence)
        );
    }

    private static AttributeMetrics Describe(string name, int count, ResampledScores scores) =>
        new(name, count, scores.Values[MpirColumn], scores.Values[HitColumn], scores.Values[AreaColumn])
        {
            MpirEstimate = scores.Estimate(MpirColumn, Confidence),
            HitRateEstimate = scores.Estimate(HitColumn, Confidence),
            MedianAreaEstimate = scores.Estimate(AreaColumn, Confidence),
        };

    /// <summary>All pairs of image and attribute together; an image's pairs are drawn together.</summary>
    private static ResampledScores Pool(ImageBootstrap bootstrap, Scores[] scores) =>
        bootstrap.Resample([.. scores.SelectMany(each => each.Images)], [.. scores.SelectMany(each => each.Values)], Columns);

    private sealed class Scores
    {
        public List<int> Images { get; } = [];

        /// <summary>Hit, area and mPIR of each image in turn.</summary>
        public List<float> Values { get; } = [];

        public void Add(int image, float hit, float area, float mpir)
        {
            Images.Add(image);
            Values.AddRange([hit, area, mpir]);
        }
    }
}
