using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace ClassifyBirds;

/// <summary>
/// The extracted rows in memory, the sizes of their vectors, and the way to their patch features, which stay in the file.
/// </summary>
internal sealed class BirdData
{
    private readonly string _file;
    private readonly IReadOnlyList<int> _positions;

    private BirdData(string file, IReadOnlyList<BirdRow> all, DataViewSchema schema)
    {
        HashSet<string> known = [.. all.Where(row => IsExtracted(row) && row.IsTrain).Select(row => row.Species)];
        _file = file;
        _positions =
        [
            .. Enumerable.Range(0, all.Count).Where(position => IsExtracted(all[position]) && known.Contains(all[position].Species)),
        ];
        Rows = [.. _positions.Select(position => all[position])];
        LeftOut = all.Count - Rows.Count;
        DataViewSchema.Column maps = schema[nameof(BirdRow.GroundingMaps)];
        Queries = maps.GetQueryNames();
        Grid = ((VectorDataViewType)maps.Type).Dimensions is [_, var height, var width]
            ? new MapGrid(height, width)
            : throw new InvalidDataException($"'{file}' holds maps of no known grid; delete it to extract them again.");
        Length = ((VectorDataViewType)schema[nameof(PatchFeatureRow.PatchFeatures)].Type).Dimensions[^1];
        if (known.Count < 2 || Rows.All(row => row.IsTrain))
        {
            throw new InvalidDataException(
                $"'{file}' holds too few rows: at least two species to train on and one row to test are needed."
            );
        }
    }

    /// <summary>The rows that could be extracted, of species that there is something to learn about.</summary>
    public IReadOnlyList<BirdRow> Rows { get; }

    public IReadOnlyList<string> Queries { get; }

    /// <summary>The cells of the maps.</summary>
    public MapGrid Grid { get; }

    /// <summary>Features of each patch.</summary>
    public int Length { get; }

    /// <summary>Rows without an image, and test rows of species that no train row has.</summary>
    public int LeftOut { get; }

    public static BirdData Load(MLContext context, string file)
    {
        IDataView view = context.Data.LoadFromBinary(file);
        return new BirdData(file, [.. context.Data.CreateEnumerable<BirdRow>(view, reuseRowObject: false)], view.Schema);
    }

    /// <summary>Reads the patch features of the rows, in their order, <c>[visualTokens, length]</c>.</summary>
    public IEnumerable<float[]> ReadPatchFeatures(MLContext context)
    {
        int next = 0;
        int position = 0;
        foreach (
            PatchFeatureRow row in context.Data.CreateEnumerable<PatchFeatureRow>(context.Data.LoadFromBinary(_file), reuseRowObject: false)
        )
        {
            if (next < _positions.Count && position++ == _positions[next])
            {
                next++;
                yield return row.PatchFeatures;
            }
        }
    }

    private static bool IsExtracted(BirdRow row) => !row.GroundingMaps.Any(float.IsNaN);
}
