namespace MLNetGrounding.Report;

/// <summary>How well a method does on one image, over its scored queries.</summary>
/// <param name="HitRate">The share of them that hit at equal area.</param>
/// <param name="Rank">The mean percentile rank of their best key points, which tells images of equal hit rates apart.</param>
internal readonly record struct ImageRank(double HitRate, double Rank) : IComparable<ImageRank>
{
    public int CompareTo(ImageRank other)
    {
        int byHits = HitRate.CompareTo(other.HitRate);
        return byHits != 0 ? byHits : Rank.CompareTo(other.Rank);
    }
}
