using System.Buffers;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>The mean of any number of heads' maps.</summary>
internal static class HeadMean
{
    /// <param name="maps">Attention, <c>[heads, cells]</c>, of one layer or several.</param>
    /// <param name="mean">Receives the mean, <c>[cells]</c>.</param>
    public static void Of(ReadOnlySpan<float> maps, Span<float> mean)
    {
        int heads = maps.Length / mean.Length;
        Numbers.ThrowIfLengthIsNot(heads * mean.Length, maps.Length, "a multiple of the cells", nameof(maps));
        double[] rented = ArrayPool<double>.Shared.Rent(mean.Length);
        try
        {
            Span<double> sums = rented.AsSpan(0, mean.Length);
            sums.Clear();
            for (int head = 0; head < heads; head++)
            {
                ReadOnlySpan<float> map = maps.Slice(head * mean.Length, mean.Length);
                for (int cell = 0; cell < map.Length; cell++)
                {
                    sums[cell] += map[cell];
                }
            }
            for (int cell = 0; cell < mean.Length; cell++)
            {
                mean[cell] = (float)(sums[cell] / heads);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
