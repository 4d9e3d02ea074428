using MLNetGrounding.Maths.Maps;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>
/// A filter that takes single bright cells away and keeps edges: each cell becomes a weighted mean of the values around it in the order of
/// their size, with a Gaussian weight about the middle rank (Li et al., "Token Activation Map to Visually Explain Multimodal LLMs", ICCV
/// 2025).
/// </summary>
/// <remarks>
/// As in the released code (xmed-lab/TAM, <c>tam.py</c>): weights exp(-(rank - middle)^2 / (2 s^2)), where s is the window's standard
/// deviation over its mean, so that a window of equal values gives nearly its median and one of unequal values nearly its mean; beyond the
/// border the map is mirrored at the edge cell; a window whose mean is not positive gives 0. A window of equal values, of which that code
/// makes 0/0, keeps its value.
/// </remarks>
public sealed record RankGaussianFilter
{
    // A window larger than this is larger than any grid.
    private const int LargestSize = 127;

    /// <summary>Cells per side of the window, an odd number from 1 to 127. Default 3.</summary>
    public int Size { get; init; } = 3;

    /// <summary>
    /// Whether a window of equal values gives 0, which is what the released code's 0/0 becomes as a byte. For comparisons with numbers that
    /// were made by it. Default <see langword="false"/>: it keeps its value.
    /// </summary>
    public bool ConstantWindowsAsReleased { get; init; }

    /// <summary>Filters a map in place.</summary>
    /// <param name="map">The map, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="gridHeight">Rows.</param>
    /// <param name="gridWidth">Columns.</param>
    internal void Apply(Span<float> map, int gridHeight, int gridWidth)
    {
        Numbers.ThrowIfLengthIsNot(checked(gridHeight * gridWidth), map.Length, "[gridHeight, gridWidth]", nameof(map));
        float[] source = map.ToArray();
        double[] window = new double[Size * Size];
        int radius = Size / 2;
        for (int row = 0; row < gridHeight; row++)
        {
            for (int column = 0; column < gridWidth; column++)
            {
                int count = 0;
                for (int down = -radius; down <= radius; down++)
                {
                    int line = BorderIndex.WithoutEdge(row + down, gridHeight) * gridWidth;
                    for (int across = -radius; across <= radius; across++)
                    {
                        window[count++] = source[line + BorderIndex.WithoutEdge(column + across, gridWidth)];
                    }
                }
                map[row * gridWidth + column] = (float)Filtered(window);
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range; the parameter name is the option's.</exception>
    internal void Validate()
    {
        if (Size is < 1 or > LargestSize || Size % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Size), Size, $"{nameof(Size)} must be an odd number from 1 to {LargestSize}.");
        }
    }

    private double Filtered(double[] window)
    {
        Array.Sort(window);
        if (window[0] == window[^1])
        {
            return window[0] > 0 && !ConstantWindowsAsReleased ? window[0] : 0;
        }
        double sum = 0.0;
        foreach (double value in window)
        {
            sum += value;
        }
        double mean = sum / window.Length;
        if (!(mean > 0))
        {
            return 0;
        }
        double squares = 0.0;
        foreach (double value in window)
        {
            squares += (value - mean) * (value - mean);
        }
        double deviation = Math.Sqrt(squares / window.Length) / mean;
        (double weights, double weighted) = (0.0, 0.0);
        for (int rank = 0; rank < window.Length; rank++)
        {
            // Divided before it is squared: the square of a tiny deviation would be 0.
            double distance = (rank - window.Length / 2) / deviation;
            double weight = Math.Exp(-0.5 * distance * distance);
            weights += weight;
            weighted += weight * window[rank];
        }
        return weighted / weights;
    }
}
