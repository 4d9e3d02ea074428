namespace MLNetGrounding.Maths.Scoring;

/// <summary>How well a region points at a key point (paper, section 4.2, equation 5).</summary>
/// <param name="Hit">Whether any visible key point lies inside the region.</param>
/// <param name="Area">The region's share of the picture's frame, between 0 and 1.</param>
/// <param name="Mpir">1 / <paramref name="Area"/> for a hit, otherwise 0.</param>
internal readonly record struct RegionScore(bool Hit, double Area, double Mpir)
{
    public static RegionScore Of(bool hit, double area) => new(hit, area, hit && area > 0 ? 1 / area : 0);
}
