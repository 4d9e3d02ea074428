using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding;

namespace ClassifyBirds;

/// <summary>The extracted rows in memory, and the sizes of their vectors.</summary>
internal sealed class BirdData
{
    private BirdData(IReadOnlyList<BirdRow> rows, IReadOnlyList<string> queries, int grid, int leftOut)
    {
        Rows = rows;
        Queries = queries;
        Grid = grid;
        LeftOut = leftOut;
        Length = rows[0].PatchFeatures.Length / (grid * grid);
    }

    /// <summary>The rows that could be extracted, of species that there is something to learn about.</summary>
    public IReadOnlyList<BirdRow> Rows { get; }

    public IReadOnlyList<string> Queries { get; }

    /// <summary>Cells per side.</summary>
    public int Grid { get; }

    /// <summary>Features of each patch.</summary>
    public int Length { get; }

    /// <summary>Rows without an image, and test rows of species that no train row has.</summary>
    public int LeftOut { get; }

    public static BirdData Load(MLContext context, string file)
    {
        IDataView view = context.Data.LoadFromBinary(file);
        DataViewSchema.Column maps = view.Schema["GroundingMaps"];
        BirdRow[] all = [.. context.Data.CreateEnumerable<BirdRow>(view, reuseRowObject: false)];
        BirdRow[] extracted = [.. all.Where(row => !float.IsNaN(row.PatchFeatures[0]) && !row.GroundingMaps.Any(float.IsNaN))];
        var known = extracted.Where(row => row.IsTrain).Select(row => row.Species).ToHashSet(StringComparer.Ordinal);
        BirdRow[] rows = [.. extracted.Where(row => known.Contains(row.Species))];
        return known.Count >= 2 && rows.Any(row => !row.IsTrain)
            ? new BirdData(rows, maps.GetQueryNames(), ((VectorDataViewType)maps.Type).Dimensions[^1], all.Length - rows.Length)
            : throw new InvalidDataException($"'{file}' holds too few rows: at least two species to train on and one row to test are needed.");
    }
}
