using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Measures regions in a map of labels: their pixels, the subject's box, and of each region a box and a point well inside it.
/// </summary>
internal sealed class RegionMeter(int regions)
{
    // Beyond this depth a point is as safe as it gets, and nearness to the center matters more.
    private const int EnoughDepth = 3;

    private readonly long[] _sumX = new long[regions];
    private readonly long[] _sumY = new long[regions];
    private readonly long[] _best = new long[regions];
    private readonly int[] _left = new int[regions];
    private readonly int[] _top = new int[regions];
    private readonly int[] _right = new int[regions];
    private readonly int[] _bottom = new int[regions];
    private int[] _depth = [];

    public int[] Counts { get; } = new int[regions];

    public (int X, int Y)[] Points { get; } = new (int X, int Y)[regions];

    public SampleBox[] Boxes { get; } = new SampleBox[regions];

    public SampleBox Box { get; private set; }

    /// <param name="map">Per pixel the region's value plus one, or 0.</param>
    /// <param name="width">The width of the map.</param>
    /// <param name="height">The height of the map.</param>
    public void Measure(ReadOnlySpan<byte> map, int width, int height)
    {
        Array.Clear(Counts);
        Array.Clear(_sumX);
        Array.Clear(_sumY);
        Array.Fill(_best, long.MinValue);
        Array.Fill(_left, width);
        Array.Fill(_top, height);
        Array.Fill(_right, -1);
        Array.Fill(_bottom, -1);
        if (_depth.Length < width * height)
        {
            _depth = new int[width * height];
        }

        CountAndMeasureForward(map, width, height);
        FindPoints(map, width, height);
    }

    private void CountAndMeasureForward(ReadOnlySpan<byte> map, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = (y * width) + x;
                byte label = map[at];
                if (label == 0)
                {
                    continue;
                }

                int region = label - 1;
                Counts[region]++;
                _sumX[region] += x;
                _sumY[region] += y;
                int before = x > 0 && map[at - 1] == label ? _depth[at - 1] : 0;
                int above = y > 0 && map[at - width] == label ? _depth[at - width] : 0;
                _depth[at] = 1 + Math.Min(before, above);
                _left[region] = Math.Min(_left[region], x);
                _right[region] = Math.Max(_right[region], x);
                _top[region] = Math.Min(_top[region], y);
                _bottom[region] = y;
            }
        }

        for (int region = 0; region < regions; region++)
        {
            Boxes[region] = BoxOf(_left[region], _top[region], _right[region], _bottom[region]);
        }

        Box = BoxOf(_left.Min(), _top.Min(), _right.Max(), _bottom.Max());
    }

    private static SampleBox BoxOf(int left, int top, int right, int bottom) =>
        right < 0 ? default : new SampleBox(left, top, right - left + 1, bottom - top + 1);

    private void FindPoints(ReadOnlySpan<byte> map, int width, int height)
    {
        for (int y = height - 1; y >= 0; y--)
        {
            for (int x = width - 1; x >= 0; x--)
            {
                int at = (y * width) + x;
                byte label = map[at];
                if (label == 0)
                {
                    continue;
                }

                int after = x < width - 1 && map[at + 1] == label ? _depth[at + 1] : 0;
                int below = y < height - 1 && map[at + width] == label ? _depth[at + width] : 0;
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
