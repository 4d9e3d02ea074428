using System.Text.Json.Serialization;
using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>How a map becomes a region: cells of the grid, and a box in pixels of the image.</summary>
/// <remarks>
/// Every rule fits every method. A map that is the same everywhere, a map of zeros for example, has no region under any rule. The record is
/// closed: its kinds are <see cref="ThresholdRegion"/>, <see cref="MeanRegion"/>, <see cref="OtsuRegion"/>, <see cref="WindowRegion"/> and
/// <see cref="PointsRegion"/>.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Kind")]
[JsonDerivedType(typeof(ThresholdRegion), "Threshold")]
[JsonDerivedType(typeof(MeanRegion), "Mean")]
[JsonDerivedType(typeof(OtsuRegion), "Otsu")]
[JsonDerivedType(typeof(WindowRegion), "Window")]
[JsonDerivedType(typeof(PointsRegion), "Points")]
public abstract record RegionRule
{
    private protected RegionRule() { }

    /// <summary>
    /// A short name with the rule's setting, which tables and columns use: <c>0.05</c>, <c>mean</c>, <c>otsu</c>, <c>window336</c>.
    /// </summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>Whether <see cref="Box"/> is another than the one around the region's cells.</summary>
    [JsonIgnore]
    internal virtual bool HasOwnBox => false;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal virtual void Validate() { }

    /// <summary>Marks the region's cells.</summary>
    /// <param name="map">A map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">Where its cells lie in the image.</param>
    /// <param name="region">Receives the region, <c>[gridHeight, gridWidth]</c>; empty for a constant map.</param>
    /// <returns>Number of cells in the region.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="map"/> is NaN or infinite.</exception>
    internal int Mark(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> region)
    {
        Numbers.ThrowIfLengthIsNot(geometry.Grid.Cells, map.Length, "[gridHeight, gridWidth]", nameof(map));
        Numbers.ThrowIfLengthIsNot(map.Length, region.Length, "as many as the map", nameof(region));
        region.Clear();
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        return maximum > minimum ? MarkCells(map, geometry, region) : 0;
    }

    /// <summary>The box around the region, in pixels of the image and inside of it.</summary>
    /// <param name="map">A map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="geometry">Where its cells lie in the image.</param>
    /// <param name="region">What <see cref="Mark"/> marked.</param>
    /// <returns>Nothing where the region is empty, or shows nothing of the image.</returns>
    internal virtual PixelRectangle? Box(ReadOnlySpan<float> map, in ImageGeometry geometry, ReadOnlySpan<bool> region)
    {
        PixelRectangle? box = null;
        for (int cell = 0; cell < region.Length; cell++)
        {
            if (region[cell])
            {
                (double left, double top, double right, double bottom) = geometry.CellToPixels(
                    cell / geometry.Grid.Width,
                    cell % geometry.Grid.Width
                );
                box = PixelRectangle.Around(box, new PixelRectangle(left, top, right, bottom));
            }
        }
        return box?.Intersect(geometry.View()) is { Area: > 0 } inside ? inside : null;
    }

    /// <summary>Marks the cells of a map that is not constant.</summary>
    private protected abstract int MarkCells(ReadOnlySpan<float> map, in ImageGeometry geometry, Span<bool> region);
}
