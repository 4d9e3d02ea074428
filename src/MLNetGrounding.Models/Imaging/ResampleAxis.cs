namespace MLNetGrounding.Models.Imaging;

/// <summary>
/// Which source positions make up each target position along one axis, and with what weight: Pillow's filters, widened by the ratio of the
/// sizes where the image shrinks, in fixed point. Weights are computed when they are asked for, so that an axis of any length takes no
/// memory.
/// </summary>
internal sealed class ResampleAxis
{
    /// <summary>Bits after the point: 8 bits of a gray level and 2 of overshoot leave 22 of 32.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    private readonly ResampleFilter _filter;
    private readonly double _scale;
    private readonly double _inverseStretch;
    private readonly long _firstTarget;
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly double[] _sums;

    private ResampleAxis(ResampleFilter filter, int sourceSize, long targetSize, long firstTarget, int targets)
    {
        _filter = filter;
        _firstTarget = firstTarget;
        _scale = (double)sourceSize / targetSize;
        _inverseStretch = 1 / Math.Max(_scale, 1);
        _starts = new int[targets];
        _counts = new int[targets];
        _sums = new double[targets];
    }

    /// <summary>Number of target positions.</summary>
    public int Targets => _starts.Length;

    /// <summary>
    /// The axis of the target positions <paramref name="firstTarget"/> to <paramref name="firstTarget"/> + <paramref name="targets"/>.
    /// </summary>
    /// <param name="filter">The filter.</param>
    /// <param name="sourceSize">Pixels of the source along the axis.</param>
    /// <param name="targetSize">Pixels of the whole target along the axis.</param>
    /// <param name="firstTarget">First target position that is wanted.</param>
    /// <param name="targets">Number of target positions that are wanted.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public static ResampleAxis Create(
        ResampleFilter filter,
        int sourceSize,
        long targetSize,
        long firstTarget,
        int targets,
        CancellationToken cancellationToken
    )
    {
        var axis = new ResampleAxis(filter, sourceSize, targetSize, firstTarget, targets);
        double support = Support(filter) * Math.Max(axis._scale, 1);
        for (int target = 0; target < targets; target++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double center = axis.Center(target);
            int start = Math.Max((int)(center - support + 0.5), 0);
            axis._starts[target] = start;
            axis._counts[target] = (int)Math.Min((long)(center + support + 0.5), sourceSize) - start;
            double sum = 0.0;
            for (int index = 0; index < axis._counts[target]; index++)
            {
                sum += axis.Exact(center, start, index);
            }
            axis._sums[target] = sum;
        }
        return axis;
    }

    /// <summary>First source position of a target.</summary>
    public int Start(int target) => _starts[target];

    /// <summary>Source position after a target's last.</summary>
    public int End(int target) => _starts[target] + _counts[target];

    /// <summary>The weight in fixed point of a source position between <see cref="Start"/> and <see cref="End"/>.</summary>
    public int Weight(int target, int source)
    {
        double exact = Exact(Center(target), _starts[target], source - _starts[target]);
        double weight = _sums[target] != 0 ? exact / _sums[target] : exact;
        return (int)((weight < 0 ? -0.5 : 0.5) + weight * (1 << PrecisionBits));
    }

    /// <summary>
    /// The sum of the weights of a target's positions from <paramref name="from"/> up to, but without, <paramref name="to"/>.
    /// </summary>
    public int SumOfWeights(int target, int from, int to)
    {
        int sum = 0;
        for (int source = Math.Max(from, Start(target)); source < Math.Min(to, End(target)); source++)
        {
            sum += Weight(target, source);
        }
        return sum;
    }

    private static double Support(ResampleFilter filter) =>
        filter switch
        {
            ResampleFilter.Lanczos => 3,
            ResampleFilter.Bilinear => 1,
            ResampleFilter.Bicubic => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "The filter is not defined."),
        };

    private double Center(int target) => (_firstTarget + target + 0.5) * _scale;

    // The order of operations is Pillow's, so that weights are its to the bit.
    private double Exact(double center, int start, int index)
    {
        double x = (index + start - center + 0.5) * _inverseStretch;
        return _filter switch
        {
            ResampleFilter.Lanczos => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
            ResampleFilter.Bilinear => Math.Max(1 - Math.Abs(x), 0),
            _ => Bicubic(Math.Abs(x)),
        };
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    private static double Bicubic(double x)
    {
        const double A = -0.5;
        return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * A
            : 0;
    }
}
