namespace MLNetGrounding.Models.Imaging;

/// <summary>
/// Which source positions make up each target position along one axis, and with what weight: Pillow's bicubic filter with a = -0.5, widened
/// by the ratio of the sizes where the picture shrinks, in fixed point.
/// </summary>
internal sealed class ResampleWeights
{
    /// <summary>Bits after the point: 8 bits of a gray level and 2 of overshoot leave 22 of 32.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    private const double Support = 2;
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly int[] _weights;
    private readonly int _stride;

    private ResampleWeights(int targets, int stride)
    {
        _starts = new int[targets];
        _counts = new int[targets];
        _weights = new int[targets * stride];
        _stride = stride;
    }

    /// <summary>First source position that any target needs.</summary>
    public int FirstSource => _starts[0];

    /// <summary>Source position after the last that any target needs.</summary>
    public int EndOfSources => _starts[^1] + _counts[^1];

    /// <summary>Weights of the target positions <paramref name="firstTarget"/> to <paramref name="firstTarget"/> + <paramref name="targets"/>.</summary>
    /// <param name="sourceSize">Pixels of the source along the axis.</param>
    /// <param name="targetSize">Pixels of the whole target along the axis.</param>
    /// <param name="firstTarget">First target position that is wanted.</param>
    /// <param name="targets">Number of target positions that are wanted.</param>
    public static ResampleWeights Create(int sourceSize, int targetSize, int firstTarget, int targets)
    {
        var scale = (double)sourceSize / targetSize;
        var filterScale = Math.Max(scale, 1);
        var support = Support * filterScale;
        var result = new ResampleWeights(targets, (int)Math.Ceiling(support) * 2 + 1);
        var exact = new double[result._stride];
        for (var target = 0; target < targets; target++)
        {
            var center = (firstTarget + target + 0.5) * scale;
            var start = Math.Max((int)(center - support + 0.5), 0);
            var count = Math.Min((int)(center + support + 0.5), sourceSize) - start;
            var sum = 0.0;
            for (var index = 0; index < count; index++)
            {
                exact[index] = Bicubic((index + start - center + 0.5) * (1 / filterScale));
                sum += exact[index];
            }
            for (var index = 0; index < count; index++)
            {
                var weight = sum != 0 ? exact[index] / sum : exact[index];
                result._weights[target * result._stride + index] = (int)((weight < 0 ? -0.5 : 0.5) + weight * (1 << PrecisionBits));
            }
            result._starts[target] = start;
            result._counts[target] = count;
        }
        return result;
    }

    /// <summary>First source position of a target, and the weights from there on.</summary>
    public ReadOnlySpan<int> Of(int target, out int firstSource)
    {
        firstSource = _starts[target];
        return _weights.AsSpan(target * _stride, _counts[target]);
    }

    private static double Bicubic(double distance)
    {
        const double A = -0.5;
        var x = Math.Abs(distance);
        return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * A
            : 0;
    }
}
