namespace MeasureSampleLlava;

/// <summary>One bird, one attribute.</summary>
/// <param name="Hit">Whether a visible key point lies in the region.</param>
/// <param name="Area">The region's share of the picture.</param>
/// <param name="Pointing">Whether the cell of the map's maximum holds a pixel of the part; <see langword="null"/> without a map.</param>
/// <param name="Overlap">Intersection over union of region and part mask, in pixels; <see langword="null"/> where it means nothing.</param>
internal readonly record struct BirdScore(bool Hit, double Area, bool? Pointing, double? Overlap);
