using MLNetGrounding.DataViews;
using MLNetGrounding.Prediction;

namespace MLNetGrounding;

/// <summary>What a model looked at in one image, query by query.</summary>
public sealed class GroundingPrediction
{
    private readonly Dictionary<string, GroundedQuery> _byName = new(StringComparer.Ordinal);

    internal GroundingPrediction(
        IReadOnlyList<string> names,
        MapGrid grid,
        GroundedColumns row,
        double threshold,
        bool scored,
        PredictorColumns? predictor = null
    )
    {
        bool[] computed = [.. names.Select((_, index) => RowValues.AreFinite(row.GroundingMaps.AsSpan(index * grid.Cells, grid.Cells)))];
        Failed = !RowValues.AreFinite(row.Geometry) || !computed.Contains(true);
        Geometry = Failed ? null : ImageGeometry.FromVector(row.Geometry, grid);
        var queries = new GroundedQuery[names.Count];
        for (int index = 0; index < queries.Length; index++)
        {
            queries[index] = new GroundedQuery(
                names[index],
                row.GroundingMaps.AsMemory(index * grid.Cells, grid.Cells),
                grid,
                computed[index] ? Geometry : null,
                threshold,
                scored && !float.IsNaN(row.Mpir![index]) ? (row.Hit![index] != 0, row.Area![index], row.Mpir[index]) : null
            );
            _byName.TryAdd(names[index], queries[index]);
        }

        Queries = queries;
        if (predictor is not null && !Failed)
        {
            PredictedLabel = predictor.LabelOf(row);
            Score = predictor.ScoreOf(row);
            ScoreNames = predictor.ScoreNames;
            Probability = predictor.ProbabilityOf(row);
        }
    }

    /// <summary>
    /// Whether the image could not be computed: there was none, or the model's attention was not finite;
    /// <see cref="Microsoft.ML.MLContext.Log"/> says which. Maps are NaN then, and regions empty; a single query of an image may have a NaN
    /// map and an empty region too.
    /// </summary>
    public bool Failed { get; }

    /// <summary>Where the image's pixels lie on the grid; <see langword="null"/> where it <see cref="Failed"/>.</summary>
    public ImageGeometry? Geometry { get; }

    /// <summary>The queries, in the order in which the model was asked.</summary>
    public IReadOnlyList<GroundedQuery> Queries { get; }

    /// <summary>
    /// What a stock predictor at the end of the model predicts, as text: the class of a classifier, <c>True</c> or <c>False</c> of a binary
    /// one; <see langword="null"/> where there is none, or the image <see cref="Failed"/>.
    /// </summary>
    public string? PredictedLabel { get; }

    /// <summary>
    /// The predictor's scores: one for each class, or the one of a binary classifier or a regression; empty where there are none, or the
    /// image <see cref="Failed"/>.
    /// </summary>
    public IReadOnlyList<float> Score { get; } = [];

    /// <summary>The classes that the numbers of <see cref="Score"/> belong to; empty where it is a single number.</summary>
    public IReadOnlyList<string> ScoreNames { get; } = [];

    /// <summary>
    /// How probable a calibrated binary classifier says that its label is <c>True</c>, from 0 to 1; <see langword="null"/> where there is
    /// none.
    /// </summary>
    public float? Probability { get; }

    /// <summary>One query.</summary>
    /// <param name="query">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such query.</exception>
    public GroundedQuery this[string query] =>
        _byName.TryGetValue(query, out GroundedQuery? found)
            ? found
            : throw new KeyNotFoundException($"There is no query '{query}', only: {string.Join(", ", _byName.Keys)}.");
}
