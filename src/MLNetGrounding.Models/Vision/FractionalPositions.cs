namespace MLNetGrounding.Models.Vision;

/// <summary>Position ids by how far along a side a patch lies, as towers compute them that see images of any number of patches.</summary>
/// <remarks>All numbers are float32: where they round, a patch of some grids gets the row of its neighbor, and weights were trained so.</remarks>
internal static class FractionalPositions
{
    private const float Last = 1 - 1e-6f;

    /// <summary>The row of the position table for each patch of a square that has as many patches along a side as the table, row by row.</summary>
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
        double step = 1.0 / side;
        float[] borders = [.. Enumerable.Range(0, side - 1).Select(border => (float)(step + (border * step)))];
        float length = 1f / patches;
        return [.. Enumerable.Range(0, patches).Select(patch => Math.Min(patch * length, Last)).Select(place => borders.Count(border => border <= place))];
    }
}
