using System.Globalization;
using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;

namespace MLNetGrounding;

/// <summary>
/// The cells near the maximum as points that a segmenter can be asked with: those whose value, scaled to 0..1 between the map's minimum and
/// maximum, is at least 0.8, each as its center. How DecAF asks SAM 2 (Han et al., arXiv 2510.19592, released code).
/// </summary>
public sealed record PointsRegion : RegionRule
{
    /// <summary>Between 0 and 1, inclusive. Default 0.8.</summary>
    public double Threshold { get; init; } = 0.8;

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"points{Threshold}");

    /// <summary>The points of a map, in pixels of the image, row by row; those outside the image, in padding, are left out.</summary>
    /// <param name="map">A map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">Where its cells lie in the image.</param>
    /// <returns>None for a constant map.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="map"/> is NaN or infinite, or their number is not that of the
    /// cells.</exception>
    public IReadOnlyList<(double X, double Y)> Points(ReadOnlySpan<float> map, in ImageGeometry geometry)
    {
        bool[] region = new bool[map.Length];
        Mark(map, geometry, region);
        List<(double X, double Y)> points = [];
        PixelRectangle view = geometry.View();
        for (int cell = 0; cell < region.Length; cell++)
        {
            (double left, double top, double right, double bottom) = geometry.CellToPixels(
                cell / geometry.Grid.Width,
                cell % geometry.Grid.Width
            );
            (double x, double y) = ((left + right) / 2, (top + bottom) / 2);
            if (region[cell] && view.Contains(x, y))
            {
                points.Add((x, y));
            }
        }
        return points;
    }

    internal override void Validate() => OptionChecks.Share(Threshold, nameof(Threshold));

    private protected override int MarkCells(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> region) =>
        Region.Threshold(map, Threshold, region);
}
