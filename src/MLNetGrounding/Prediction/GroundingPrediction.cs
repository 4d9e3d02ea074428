using MLNetGrounding.DataViews;
using MLNetGrounding.Prediction;

namespace MLNetGrounding;

/// <summary>What a model looked at in one image, query by query.</summary>
public sealed class GroundingPrediction
{
    private readonly Dictionary<string, GroundedQuery> _byName = new(StringComparer.Ordinal);

    internal GroundingPrediction(IReadOnlyList<string> names, MapGrid grid, GroundedColumns row, double threshold, bool scored)
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

    /// <summary>One query.</summary>
    /// <param name="query">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such query.</exception>
    public GroundedQuery this[string query] =>
        _byName.TryGetValue(query, out GroundedQuery? found)
            ? found
            : throw new KeyNotFoundException($"There is no query '{query}', only: {string.Join(", ", _byName.Keys)}.");
}
