namespace MLNetGrounding.Maths.Heads;

/// <summary>Thresholds on values that are scaled first, without scaling every value.</summary>
internal static class ScaledThreshold
{
    /// <summary>
    /// The smallest number x with (x - offset) / scale >= threshold in double precision: both sides grow with x, so comparing with it decides
    /// for every number as scaling would.
    /// </summary>
    /// <param name="offset">Taken away from every value.</param>
    /// <param name="scale">Divides every value; positive and finite.</param>
    /// <param name="threshold">Between 0 and 1.</param>
    public static float Smallest(double offset, double scale, double threshold)
    {
        var smallest = (float)(threshold * scale + offset);
        while ((smallest - offset) / scale >= threshold)
        {
            smallest = MathF.BitDecrement(smallest);
        }
        while (!((smallest - offset) / scale >= threshold))
        {
            smallest = MathF.BitIncrement(smallest);
        }
        return smallest;
    }
}
