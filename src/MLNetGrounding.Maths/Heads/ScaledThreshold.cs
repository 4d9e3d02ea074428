namespace MLNetGrounding.Maths.Heads;

/// <summary>Thresholds on values that are scaled first, without scaling every value.</summary>
internal static class ScaledThreshold
{
    /// <summary>
    /// The smallest number x with (x - offset) / scale >= threshold in double precision: both sides grow with x, so comparing with it
    /// decides for every number as scaling would.
    /// </summary>
    /// <param name="offset">Taken away from every value.</param>
    /// <param name="scale">Divides every value; positive and finite.</param>
    /// <param name="threshold">Between 0 and 1.</param>
    public static float Smallest(double offset, double scale, double threshold)
    {
        // The guess is off by a rounding, or by a whole range of numbers where the offset swallows small ones: steps double, then halve.
        long guess = Position((float)(threshold * scale + offset));
        (long step, long low, long high) = (1L, guess, guess);
        if (Passes(guess))
        {
            while (Passes(low))
            {
                (high, low, step) = (low, Math.Max(low - step, Position(float.NegativeInfinity)), 2 * step);
            }
        }
        else
        {
            while (!Passes(high))
            {
                (low, high, step) = (high, Math.Min(high + step, Position(float.PositiveInfinity)), 2 * step);
            }
        }
        while (high - low > 1)
        {
            long middle = low + (high - low) / 2;
            (low, high) = Passes(middle) ? (low, middle) : (middle, high);
        }
        return At(high);

        bool Passes(long position) => (At(position) - offset) / scale >= threshold;
    }

    /// <summary>Counts floats in their order: 0 for zero, 1 for the smallest positive number.</summary>
    private static long Position(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : (long)int.MinValue - bits;
    }

    private static float At(long position) => BitConverter.Int32BitsToSingle((int)(position >= 0 ? position : int.MinValue - position));
}
