using MLNetGrounding.Samples.Birds;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Measures regions in a map of labels: their pixels, the bird's box and a point well inside each region.
/// </summary>
internal sealed class RegionMeter
{
    // Beyond this depth a point is as safe as it gets, and nearness to the center matters more.
    private const int EnoughDepth = 3;

    private readonly long[] _sumX = new long[BirdAnatomy.RegionCount];
    private readonly long[] _sumY = new long[BirdAnatomy.RegionCount];
    private readonly long[] _best = new long[BirdAnatomy.RegionCount];
    private int[] _depth = [];

    public int[] Counts { get; } = new int[BirdAnatomy.RegionCount];

    public (int X, int Y)[] Points { get; } = new (int X, int Y)[BirdAnatomy.RegionCount];

    public SampleBox Box { get; private set; }

    /// <param name="regions">Per pixel the region's value plus one, or 0.</param>
    /// <param name="width">The width of the map.</param>
    /// <param name="height">The height of the map.</param>
    public void Measure(ReadOnlySpan<byte> regions, int width, int height)
    {
        Array.Clear(Counts);
        Array.Clear(_sumX);
        Array.Clear(_sumY);
        Array.Fill(_best, long.MinValue);
        if (_depth.Length < width * height)
        {
            _depth = new int[width * height];
        }

        CountAndMeasureForward(regions, width, height);
        FindPoints(regions, width, height);
    }

    private void CountAndMeasureForward(ReadOnlySpan<byte> regions, int width, int height)
    {
        int left = width;
        int top = height;
        int right = -1;
        int bottom = -1;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = (y * width) + x;
                byte label = regions[at];
                if (label == 0)
                {
                    continue;
                }

                int region = label - 1;
                Counts[region]++;
                _sumX[region] += x;
                _sumY[region] += y;
                int before = x > 0 && regions[at - 1] == label ? _depth[at - 1] : 0;
                int above = y > 0 && regions[at - width] == label ? _depth[at - width] : 0;
                _depth[at] = 1 + Math.Min(before, above);
                left = Math.Min(left, x);
                right = Math.Max(right, x);
                top = Math.Min(top, y);
                bottom = y;
            }
        }

        Box = right < 0 ? default : new SampleBox(left, top, right - left + 1, bottom - top + 1);
    }

    private void FindPoints(ReadOnlySpan<byte> regions, int width, int height)
    {
        for (int y = height - 1; y >= 0; y--)
        {
            for (int x = width - 1; x >= 0; x--)
            {
                int at = (y * width) + x;
                byte label = regions[at];
                if (label == 0)
                {
                    continue;
                }

                int after = x < width - 1 && regions[at + 1] == label ? _depth[at + 1] : 0;
                int below = y < height - 1 && regions[at + width] == label ? _depth[at + width] : 0;
                int depth = Math.Min(_depth[at], 1 + Math.Min(after, below));
                _depth[at] = depth;

                int region = label - 1;
                long count = Counts[region];
                long fromCenterX = x - (_sumX[region] / count);
                long fromCenterY = y - (_sumY[region] / count);
                long score = (Math.Min(depth, EnoughDepth) * 1_000_000_000L) - (fromCenterX * fromCenterX) - (fromCenterY * fromCenterY);
                if (score > _best[region])
                {
                    _best[region] = score;
                    Points[region] = (x, y);
                }
            }
        }
    }
}
