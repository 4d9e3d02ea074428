using System.Buffers;

namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// The elbow of sorted values by the chord method: how LocalizationHeads tells the heads that look at the image from those that do not
/// (Kang et al., CVPR 2025, criterion 1).
/// </summary>
internal static class AttentionElbow
{
    /// <summary>
    /// Distances from the chord that differ by less than this share of the largest possible one are equal but for rounding.
    /// </summary>
    private const double Rounding = 1e-9;

    /// <summary>The value at the elbow; the source keeps the heads whose attention sum is at least this.</summary>
    /// <param name="values">Finite values in any order, at least one.</param>
    /// <returns>
    /// Of the values in ascending order, the one farthest from the straight line between the first and the last; of equally far ones, but
    /// for rounding, the first. It does not depend on the scale of the values. Where all lie on the line, the smallest value.
    /// </returns>
    /// <remarks>
    /// A value, to be compared with values, as the released code does since August 2025. The code before compared the number of the head
    /// that has this value with the numbers of the heads, which keeps a tail of the last layers whatever their attention (its issue 12).
    /// </remarks>
    /// <exception cref="ArgumentException">There is no value, or one is NaN or infinite.</exception>
    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("There is no value to find the elbow of.", nameof(values));
        }
        double[] rented = ArrayPool<double>.Shared.Rent(values.Length);
        try
        {
            Span<double> sorted = rented.AsSpan(0, values.Length);
            values.CopyTo(sorted);
            sorted.Sort();
            // NaN sorts first.
            if (!double.IsFinite(sorted[0]) || !double.IsFinite(sorted[^1]))
            {
                throw new ArgumentException($"{nameof(values)} holds a number that is NaN or infinite.", nameof(values));
            }
            (int last, double rise) = (sorted.Length - 1, sorted[^1] - sorted[0]);
            (int elbow, double farthest) = (0, 0.0);
            for (int index = 1; index < last; index++)
            {
                // The distance from the chord, but for a factor that all points share.
                double distance = Math.Abs(index * rise - last * (sorted[index] - sorted[0]));
                if (distance > farthest + Rounding * last * rise)
                {
                    (elbow, farthest) = (index, distance);
                }
            }
            return sorted[elbow];
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
