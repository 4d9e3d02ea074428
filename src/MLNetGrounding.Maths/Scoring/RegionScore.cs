namespace MLNetGrounding.Maths.Scoring;

/// <summary>How well a region points at a key point (paper, section 4.2, equation 5).</summary>
/// <param name="Hit">Whether any visible key point lies inside the region.</param>
/// <param name="Area">The region's share of the image's frame, between 0 and 1.</param>
/// <param name="Mpir">1 / <paramref name="Area"/> for a hit, otherwise 0; finite as a float.</param>
internal readonly record struct RegionScore(bool Hit, double Area, double Mpir)
{
    public static RegionScore Of(bool hit, double area) => new(hit, area, MpirOf(hit ? 1 : 0, area));

    /// <summary>Rate of hits over area. Boxes may be annotated so small that it would be no float any more.</summary>
    public static double MpirOf(double hitRate, double area) => area > 0 ? Math.Min(hitRate / area, float.MaxValue) : 0;
}
