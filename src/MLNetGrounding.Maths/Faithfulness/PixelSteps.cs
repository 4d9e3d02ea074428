using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Maths.Faithfulness;

/// <summary>The pixels of an image in the order in which they are shown or hidden, and how many of them after each step.</summary>
internal sealed class PixelSteps
{
    private readonly int[] _order;
    private readonly int[] _counts;

    private PixelSteps(int[] order, int[] counts, double[] shares)
    {
        _order = order;
        _counts = counts;
        Shares = shares;
    }

    /// <summary>The share of the image after each step, the first of which is 0 and the last 1.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>Equal steps over the pixels from the largest value to the smallest, of equal ones the earlier first.</summary>
    /// <param name="values">One value a pixel, row by row.</param>
    /// <param name="steps">Number of steps; step i has the first <c>pixels * i / steps</c> pixels, rounded down.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static PixelSteps Descending(float[] values, int steps)
    {
        int[] order = new CellOrder(values.Length).Of(values).ToArray();
        return new PixelSteps(
            order.Length == 0 ? [.. Enumerable.Range(0, values.Length)] : order,
            [.. Enumerable.Range(0, steps + 1).Select(step => (int)((long)values.Length * step / steps))],
            [.. Enumerable.Range(0, steps + 1).Select(step => (double)step / steps)]
        );
    }

    /// <summary>One step for each region.</summary>
    /// <param name="regions">The region of each pixel, row by row; a negative one belongs to none and comes with the last step.</param>
    /// <param name="order">The regions.</param>
    public static PixelSteps OfRegions(ReadOnlySpan<int> regions, IReadOnlyList<int> order)
    {
        List<int>[] pixels = [.. order.Select(_ => new List<int>())];
        Dictionary<int, int> ranks = [];
        for (int rank = 0; rank < order.Count; rank++)
        {
            ranks.Add(order[rank], rank);
        }

        List<int> rest = [];
        for (int pixel = 0; pixel < regions.Length; pixel++)
        {
            (ranks.TryGetValue(regions[pixel], out int rank) ? pixels[rank] : rest).Add(pixel);
        }

        pixels[^1].AddRange(rest);
        int[] counts = new int[order.Count + 1];
        for (int rank = 0; rank < order.Count; rank++)
        {
            counts[rank + 1] = counts[rank] + pixels[rank].Count;
        }

        int all = regions.Length;
        return new PixelSteps([.. pixels.SelectMany(each => each)], counts, [.. counts.Select(count => (double)count / all)]);
    }

    /// <summary>One step for each cell of a map from the largest value to the smallest, of equal ones the earlier first.</summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">How the image lies under the grid; a pixel belongs to the cell that its top left corner lies in.</param>
    public static PixelSteps OfCells(ReadOnlySpan<float> map, in ImageGeometry geometry)
    {
        Numbers.ThrowIfLengthIsNot(geometry.Grid.Cells, map.Length, "[gridHeight, gridWidth]", nameof(map));
        int[] cells = new int[geometry.ImageWidth * geometry.ImageHeight];
        for (int pixel = 0; pixel < cells.Length; pixel++)
        {
            cells[pixel] = geometry.TryGetCell(pixel % geometry.ImageWidth, pixel / geometry.ImageWidth, out int row, out int column)
                ? (row * geometry.Grid.Width) + column
                : -1;
        }

        int[] order = new CellOrder(map.Length).Of(map).ToArray();
        return OfRegions(cells, order.Length == 0 ? [.. Enumerable.Range(0, map.Length)] : order);
    }

    /// <summary>The pixels of the first steps.</summary>
    public ReadOnlySpan<int> First(int steps) => _order.AsSpan(0, _counts[steps]);

    /// <summary>The pixels of all later steps.</summary>
    public ReadOnlySpan<int> After(int steps) => _order.AsSpan(_counts[steps]);

    /// <summary>The area under a curve over <see cref="Shares"/>, by trapezoids.</summary>
    public double Area(IReadOnlyList<double> curve)
    {
        double area = 0;
        for (int point = 1; point < curve.Count; point++)
        {
            area += (curve[point] + curve[point - 1]) / 2 * (Shares[point] - Shares[point - 1]);
        }

        return area;
    }
}
