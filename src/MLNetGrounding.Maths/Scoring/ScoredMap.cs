using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding;

/// <summary>One map of one query and what is annotated in its image, as a <see cref="GroundingScore"/> reads them.</summary>
/// <remarks>Valid during the call. Maps and fractions are row-major over the cells of <see cref="Grid"/>.</remarks>
public readonly ref struct ScoredMap
{
    private readonly AnnotatedImage _image;

    internal ScoredMap(ReadOnlySpan<float> values, AnnotatedImage image, int query, ReadOnlySpan<int> cellsByValue)
    {
        _image = image;
        Values = values;
        Query = query;
        CellsByValue = cellsByValue;
    }

    /// <summary>The map, <c>[gridHeight, gridWidth]</c>: finite, of any scale, also below 0.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The query's number among the map column's queries, from 0.</summary>
    public int Query { get; }

    /// <summary>The cells of the map.</summary>
    public MapGrid Grid => _image.Grid;

    /// <summary>Where the image's pixels lie on the grid.</summary>
    public ImageGeometry Geometry => _image.Geometry;

    /// <summary>The cells from the largest value to the smallest, equal values in raster order; none for a constant map.</summary>
    public ReadOnlySpan<int> CellsByValue { get; }

    /// <summary>The visible key points of the query, at least one.</summary>
    public ReadOnlySpan<VisibleKeyPoint> KeyPoints => _image.Points(Query);

    /// <summary>
    /// Share of each cell that the image covers, <c>[gridHeight, gridWidth]</c>: 0 for padding. Areas are sums of these, so that padding is
    /// no part of an image.
    /// </summary>
    public ReadOnlySpan<float> FrameFractions => _image.FrameFractions;

    /// <summary>Share of each cell inside the object's box, <c>[gridHeight, gridWidth]</c>; empty where no box is annotated.</summary>
    public ReadOnlySpan<float> BoxFractions => _image.BoxFractions;

    /// <summary>
    /// Share of each cell that the object covers by its mask, <c>[gridHeight, gridWidth]</c>; empty where the data has no mask of it.
    /// </summary>
    public ReadOnlySpan<float> ObjectFractions => _image.ObjectMask is { } mask ? mask.Fractions : [];

    /// <summary>The object's box as annotated, in pixels of the image; <see langword="null"/> where there is none.</summary>
    public (double Left, double Top, double Right, double Bottom)? BoundingBox =>
        _image.WholeBox is { } box ? (box.Left, box.Top, box.Right, box.Bottom) : null;

    /// <summary>Marks the cells whose value, scaled to 0..1 between the map's minimum and maximum, is at least a threshold.</summary>
    /// <param name="threshold">From 0 to 1.</param>
    /// <param name="region">Receives the region, <c>[gridHeight, gridWidth]</c>; empty for a constant map.</param>
    /// <returns>Number of cells in the region.</returns>
    /// <exception cref="ArgumentException"><paramref name="region"/> is not as long as the map.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    public int MarkRegion(double threshold, Span<bool> region) => Region.Threshold(Values, threshold, region);

    /// <summary>A region's share of the image's frame, from 0 to 1.</summary>
    /// <param name="region">The region, <c>[gridHeight, gridWidth]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="region"/> is not as long as the map.</exception>
    public double AreaOf(ReadOnlySpan<bool> region)
    {
        RequireCells(region);
        return PointInRegion.AreaInFrame(region, FrameFractions);
    }

    /// <summary>Whether any visible key point of the query lies in a region.</summary>
    /// <param name="region">The region, <c>[gridHeight, gridWidth]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="region"/> is not as long as the map.</exception>
    public bool IsHit(ReadOnlySpan<bool> region)
    {
        RequireCells(region);
        return VisibleKeyPoint.AnyIn(region, KeyPoints);
    }

    /// <summary>Whether any pixel of the query's part lies in a cell; <see langword="null"/> where the data has no mask of it.</summary>
    /// <param name="cell">The cell, or a negative number for none.</param>
    public bool? PartReaches(int cell) => _image.Parts?.Reaches(Query, cell);

    /// <summary>
    /// Intersection over union, in pixels of the image, of the query's part and a region; NaN where the data has no mask of it.
    /// </summary>
    /// <param name="region">The region, <c>[gridHeight, gridWidth]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="region"/> is not as long as the map.</exception>
    public double PartOverlap(ReadOnlySpan<bool> region)
    {
        RequireCells(region);
        return _image.Parts?.Overlap(Query, region) ?? double.NaN;
    }

    private void RequireCells(ReadOnlySpan<bool> region) =>
        Maths.Numerics.Numbers.ThrowIfLengthIsNot(Values.Length, region.Length, "[gridHeight, gridWidth]", nameof(region));
}
