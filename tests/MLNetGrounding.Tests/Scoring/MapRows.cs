using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Scoring;

/// <summary>A view of random maps of two methods with annotations, that counts how often maps are read.</summary>
internal sealed class MapRows
{
    public const int Grid = 6;

    public static readonly string[] Queries = ["beak", "eye", "tail"];

    public MapRows(int rows, int seed = 1)
    {
        var random = new Random(seed);
        Rows = [.. Enumerable.Range(0, rows).Select(id => new MapRow(id, random))];
        View = new ListView<MapRow>(
            Rows,
            [
                ListColumn<MapRow>.Scalar("ImageId", NumberDataViewType.Int32, row => row.Id),
                ListColumn<MapRow>.Vector("KeyPoints", [15, 2], row => row.KeyPoints, add: CubParts.Description.Annotate),
                ListColumn<MapRow>.Vector("KeyPointVisible", [15], row => row.Visible),
                ListColumn<MapRow>.Vector("Geometry", [ImageGeometry.Length], row => row.Geometry),
                ListColumn<MapRow>.Vector("BoundingBox", [4], row => row.Box),
                Maps("GroundingMaps.First", row => row.First),
                Maps("GroundingMaps.Second", row => row.Second),
            ]
        );
    }

    public IReadOnlyList<MapRow> Rows { get; }

    public IDataView View { get; }

    /// <summary>How often a map column was read.</summary>
    public int Reads { get; private set; }

    private ListColumn<MapRow> Maps(string name, Func<MapRow, float[]> read)
    {
        var plain = ListColumn<MapRow>.Vector(
            name,
            [Queries.Length, Grid, Grid],
            row =>
            {
                Reads++;
                return read(row);
            }
        );
        return plain with { Column = ColumnAnnotations.Vector(name, [Queries.Length, Grid, Grid], ["query", "row", "column"], Queries) };
    }
}
