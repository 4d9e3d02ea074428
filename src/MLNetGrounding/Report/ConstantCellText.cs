using System.Globalization;
using System.Numerics.Tensors;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Report;

/// <summary>The cells of an image that stand out whatever is asked, in a sentence of the report.</summary>
internal static class ConstantCellText
{
    private const int MostNamed = 8;

    private static readonly ConstantCellRemoval Rule = new();

    /// <summary>The sentence, by the default rule; empty where attention is not finite or fewer than two questions were asked.</summary>
    public static string Of(GroundedLayers layers, int queries, MapGrid grid)
    {
        List<float[]> means = [];
        int length = layers.Layers * layers.Heads * grid.Cells;
        foreach (ReadOnlyMemory<float> attention in (ReadOnlyMemory<float>[])[layers.FineAttention, layers.NeutralAttention])
        {
            for (int start = 0; start < attention.Length; start += length)
            {
                ReadOnlySpan<float> maps = attention.Span.Slice(start, length);
                if (!RowValues.AreFinite(maps))
                {
                    return "";
                }

                means.Add(ConstantCellRemoval.Mean(maps, grid.Cells));
            }
        }

        if (means.Count < 2)
        {
            return "";
        }

        bool[] constant = Rule.Find(means);
        string questions =
            $"{queries} question{(queries == 1 ? "" : "s")}{(means.Count > queries ? " and the one about nothing in particular" : "")}";
        int[] cells = [.. Enumerable.Range(0, constant.Length).Where(cell => constant[cell])];
        if (cells.Length == 0)
        {
            return $"No cell stands out by the same factor for all: {questions}.";
        }

        double Share(params int[] some) =>
            means.Average(mean => some.Sum(cell => (double)mean[cell]) / Math.Max(TensorPrimitives.Sum<float>(mean), float.Epsilon));
        IEnumerable<string> named = cells
            .OrderByDescending(cell => Share(cell))
            .Take(MostNamed)
            .Select(cell => $"row {cell / grid.Width}, column {cell % grid.Width} ({Percent(Share(cell))})");
        string more = cells.Length > MostNamed ? $"; and {cells.Length - MostNamed} more" : "";
        return $"{cells.Length} of {grid.Cells} cells stand{(cells.Length == 1 ? "s" : "")} out by about the same factor whatever is asked, with {Percent(Share(cells))} of the attention to the image ({questions}): {string.Join("; ", named)}{more}. Rows and columns count from 0.";
    }

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
