using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// The heads of one sample that look at the picture and at one place of it
/// (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR 2025): first those whose
/// attention sum reaches the elbow of all sums, then of these the ones of lowest spatial entropy.
/// </summary>
internal static class LocalizationHeads
{
    // Rounding must not decide between heads that look at equally many places: entropies are equal to this many decimals, and sums of
    // attention, which are sums of single numbers, in single precision.
    private const int EntropyDecimals = 9;

    /// <param name="maps">Attention of one query over the picture, <c>[layers, heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="selected">
    /// Receives which heads are selected, <c>[layers, heads]</c>: at most <see cref="LocalizationHeadOptions.HeadsPerSample"/>, fewer where
    /// fewer have a component. Of equal entropies, to nine decimals, the larger attention sum comes first, then the earlier layer and head.
    /// </param>
    /// <returns>Number of heads selected.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="maps"/> is negative, NaN or infinite.</exception>
    public static int Select(
        ReadOnlySpan<float> maps,
        int layers,
        int heads,
        int gridHeight,
        int gridWidth,
        LocalizationHeadOptions options,
        Span<bool> selected)
    {
        var cells = checked(gridHeight * gridWidth);
        Numbers.ThrowIfLengthIsNot(checked(layers * heads * cells), maps.Length, "[layers, heads, gridHeight, gridWidth]", nameof(maps));
        Numbers.ThrowIfLengthIsNot(layers * heads, selected.Length, "[layers, heads]", nameof(selected));
        selected.Clear();
        var first = Math.Min(options.FirstLayer, layers) * heads;
        if (first == selected.Length)
        {
            return 0;
        }

        var sums = new double[selected.Length - first];
        for (var index = 0; index < sums.Length; index++)
        {
            sums[index] = (float)Math.Min(SpatialEntropy.Sum(maps.Slice((first + index) * cells, cells)), float.MaxValue);
        }
        var elbow = AttentionElbow.Of(sums);
        List<(double Entropy, double NegativeSum, int Head)> candidates = [];
        for (var index = 0; index < sums.Length; index++)
        {
            if (sums[index] >= elbow)
            {
                var entropy = SpatialEntropy.Of(maps.Slice((first + index) * cells, cells), gridHeight, gridWidth, options);
                if (double.IsFinite(entropy))
                {
                    candidates.Add((Math.Round(entropy, EntropyDecimals), -sums[index], first + index));
                }
            }
        }
        candidates.Sort();
        var count = Math.Min(options.HeadsPerSample, candidates.Count);
        for (var rank = 0; rank < count; rank++)
        {
            selected[candidates[rank].Head] = true;
        }
        return count;
    }
}
