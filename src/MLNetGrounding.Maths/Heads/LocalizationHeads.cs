using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>
/// The heads of one sample that look at the image and at one place of it
/// (Kang et al., "Your Large Vision-Language Model Only Needs A Few Attention Heads For Visual Grounding", CVPR 2025): first those whose
/// attention sum reaches the elbow of all sums, then of these the ones of lowest spatial entropy.
/// </summary>
internal static class LocalizationHeads
{
    // Rounding must not decide between heads that look at equally many places: entropies are equal to this many decimals, and sums of
    // attention, which are sums of single numbers, in single precision.
    private const int EntropyDecimals = 9;

    // What exceeds the mean by less than this share of the sum does so by rounding.
    private const double Rounding = 1e-9;

    /// <param name="maps">Attention of one query over the image, <c>[layers, heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="selected">
    /// Receives which heads are selected, <c>[layers, heads]</c>: at most <see cref="LocalizationHeadOptions.HeadsPerSample"/>. Entropies
    /// are equal where they are to nine decimals.
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
        Span<bool> selected
    )
    {
        Numbers.ThrowIfLengthIsNot(layers * heads, selected.Length, "[layers, heads]", nameof(selected));
        selected.Clear();
        IReadOnlyList<RankedHead> ranked = Rank(maps, layers, heads, gridHeight, gridWidth, options);
        int count = Math.Min(options.HeadsPerSample, ranked.Count);
        for (int rank = 0; rank < count; rank++)
        {
            selected[ranked[rank].Head] = true;
        }
        return count;
    }

    /// <summary>All heads that can be selected, the best first.</summary>
    /// <param name="maps">Attention of one query over the image, <c>[layers, heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="options">Validated options.</param>
    /// <exception cref="ArgumentException">A value of <paramref name="maps"/> is negative, NaN or infinite.</exception>
    public static IReadOnlyList<RankedHead> Rank(
        ReadOnlySpan<float> maps,
        int layers,
        int heads,
        int gridHeight,
        int gridWidth,
        LocalizationHeadOptions options
    )
    {
        int cells = checked(gridHeight * gridWidth);
        Numbers.ThrowIfLengthIsNot(checked(layers * heads * cells), maps.Length, "[layers, heads, gridHeight, gridWidth]", nameof(maps));
        double[] sums = new double[layers * heads];
        for (int head = 0; head < sums.Length; head++)
        {
            sums[head] = (float)Math.Min(SpatialEntropy.Sum(maps.Slice(head * cells, cells)), float.MaxValue);
        }
        double elbow = AttentionElbow.Of(sums);
        List<RankedHead> candidates = [];
        int fallback = -1;
        for (int head = 0; head < sums.Length; head++)
        {
            ReadOnlySpan<float> map = maps.Slice(head * cells, cells);
            if (sums[head] >= elbow && LooksAtBottomRow(map, gridWidth, options))
            {
                continue;
            }
            if (fallback < 0 || sums[head] > sums[fallback])
            {
                fallback = head;
            }
            if (sums[head] >= elbow && head >= options.FirstLayer * heads)
            {
                AttendedPlaces places = SpatialEntropy.Of(map, gridHeight, gridWidth, options);
                if (places.Components > 0 || (places.Excess > Rounding * sums[head] && options.WithoutComponent != ScatteredHeads.Never))
                {
                    candidates.Add(new RankedHead(head, sums[head], Math.Round(places.Entropy, EntropyDecimals), places.Components));
                }
            }
        }
        if (candidates.Count == 0 && options.FallBackToLargestSum && fallback >= 0)
        {
            AttendedPlaces places = SpatialEntropy.Of(maps.Slice(fallback * cells, cells), gridHeight, gridWidth, options);
            return [new RankedHead(fallback, sums[fallback], places.Entropy, places.Components)];
        }
        return
        [
            .. candidates
                .OrderBy(head => head.Components == 0 && options.WithoutComponent == ScatteredHeads.Last)
                .ThenBy(head => head.Entropy)
                .ThenByDescending(head => options.TiesToLargerSum ? head.Sum : 0)
                .ThenBy(head => head.Head),
        ];
    }

    private static bool LooksAtBottomRow(ReadOnlySpan<float> map, int gridWidth, LocalizationHeadOptions options)
    {
        if (options.BottomRowLimit is { } limit)
        {
            limit *= options.ThresholdScale(map.Length);
            foreach (float value in map[^gridWidth..])
            {
                if (value > limit)
                {
                    return true;
                }
            }
        }
        return false;
    }
}
