namespace MLNetGrounding.Models.Vision;

/// <summary>Position ids by how far along a side a patch lies, as towers compute them that see images of any number of patches.</summary>
/// <remarks>
/// All numbers are float32: where they round, a patch of some grids gets the row of its neighbor, and weights were trained so.
/// </remarks>
internal static class FractionalPositions
{
    private const float Last = 1 - 1e-6f;

    // libtorch fills a range so many numbers at a time, each from the group's rounded first one, where processors have vectors of 256 bits.
    private const int Group = 8;

    /// <summary>
    /// The row of the position table for each patch of a square that has as many patches along a side as the table, row by row.
    /// </summary>
    /// <param name="side">Patches along a side.</param>
    public static IReadOnlyList<int> OfSquare(int side)
    {
        int[] along = Along(side, side);
        return [.. along.SelectMany(row => along.Select(column => (row * side) + column))];
    }

    /// <summary>The place in the table of each patch along one axis.</summary>
    /// <param name="patches">Patches along the axis.</param>
    /// <param name="side">Places along a side of the table.</param>
    public static int[] Along(int patches, int side)
    {
        float[] borders = Borders(side);
        float length = 1f / patches;
        return
        [
            .. Enumerable
                .Range(0, patches)
                .Select(patch => Math.Min(patch * length, Last))
                .Select(place => borders.Count(border => border <= place)),
        ];
    }

    /// <summary>Where the places of the table end, the last one's end left out or 1.</summary>
    private static float[] Borders(int side)
    {
        double step = 1.0 / side;
        int count = (int)Math.Ceiling((1 - step) / step);
        int grouped = count / Group * Group;
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(border =>
                    border < grouped
                        ? (float)((float)(step + (step * (border / Group * Group))) + (border % Group * step))
                        : (float)(step + (step * border))
                ),
        ];
    }
}
