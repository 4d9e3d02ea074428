using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>A Gaussian blur of a map.</summary>
/// <remarks>
/// The defaults are those of DecAF's released code (arXiv 2510.19592): 7 taps, zeros beyond the border. LocalizationHeads' code
/// (arXiv 2503.06287) blurs with 9 taps and a mirrored border; at the border the two differ by up to a third of the maximum.
/// </remarks>
public sealed record GaussianSmoothing
{
    // Twice the side of any grid.
    private const int LargestKernel = 1023;

    /// <summary>Taps: cells per side of the kernel, an odd number from 1 to 1023. Default 7.</summary>
    public int KernelSize { get; init; } = 7;

    /// <summary>Standard deviation in cells, greater than 0. Default 1.</summary>
    public double Deviation { get; init; } = 1;

    /// <summary>What the map counts as beyond its border. Default <see cref="MapBorder.Zero"/>.</summary>
    public MapBorder Border { get; init; } = MapBorder.Zero;

    /// <summary>Blurs a map in place.</summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="gridHeight">Rows.</param>
    /// <param name="gridWidth">Columns.</param>
    internal void Apply(Span<float> map, int gridHeight, int gridWidth)
    {
        Numbers.ThrowIfLengthIsNot(checked(gridHeight * gridWidth), map.Length, "[gridHeight, gridWidth]", nameof(map));
        double[] weights = Weights();
        double[] blurred = new double[map.Length];
        Blur(Array.ConvertAll(map.ToArray(), value => (double)value), blurred, gridHeight, gridWidth, weights, down: false);
        double[] result = new double[map.Length];
        Blur(blurred, result, gridHeight, gridWidth, weights, down: true);
        for (int cell = 0; cell < map.Length; cell++)
        {
            map[cell] = (float)result[cell];
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        if (KernelSize is < 1 or > LargestKernel || KernelSize % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(KernelSize),
                KernelSize,
                $"{nameof(KernelSize)} must be an odd number from 1 to {LargestKernel}."
            );
        }
        if (!(Deviation > 0 && double.IsFinite(Deviation)))
        {
            throw new ArgumentOutOfRangeException(nameof(Deviation), Deviation, $"{nameof(Deviation)} must be a finite number above 0.");
        }
        OptionChecks.Defined(Border, nameof(Border));
    }

    private double[] Weights()
    {
        int radius = KernelSize / 2;
        double[] weights =
        [
            .. Enumerable.Range(-radius, KernelSize).Select(offset => Math.Exp(-0.5 * (offset / Deviation) * (offset / Deviation))),
        ];
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    /// <summary>One direction of the separable kernel.</summary>
    private void Blur(double[] map, double[] blurred, int height, int width, double[] weights, bool down)
    {
        int radius = weights.Length / 2;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (int place, int end, int step) = down ? (row, height, width) : (column, width, 1);
                int first = row * width + column - place * step;
                // Beyond a border of zeros there is nothing to add.
                (int from, int to) =
                    Border == MapBorder.Zero ? (Math.Max(-radius, -place), Math.Min(radius, end - 1 - place)) : (-radius, radius);
                for (int offset = from; offset <= to; offset++)
                {
                    blurred[row * width + column] +=
                        weights[offset + radius] * map[first + BorderIndex.Of(place + offset, end, Border) * step];
                }
            }
        }
    }
}
