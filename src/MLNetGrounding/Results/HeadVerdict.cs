using System.Globalization;
using MLNetGrounding.Maths.Heads;

namespace MLNetGrounding.Results;

/// <summary>Whether a head was kept, what it was judged by, and what it failed.</summary>
/// <param name="Kept">Whether it was kept.</param>
/// <param name="Entropy">Its normalized entropy, from 0 to 1.</param>
/// <param name="Compactness">Its compactness, from 0 to 1.</param>
/// <param name="Failures">What it failed; a head may be dropped for other reasons, and be kept all the same.</param>
internal readonly record struct HeadVerdict(bool Kept, double Entropy, double Compactness, HeadFailures Failures)
{
    /// <summary>Judges the heads of one query in one layer.</summary>
    /// <param name="attention">The heads' maps, <c>[heads, gridHeight, gridWidth]</c>.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="grid">The cells of a map.</param>
    /// <param name="options">The thresholds.</param>
    /// <param name="kept">What the pipeline kept, <c>[heads]</c>, or empty: what the thresholds keep.</param>
    public static HeadVerdict[] Of(
        ReadOnlySpan<float> attention,
        int heads,
        MapGrid grid,
        HeadSelectionOptions options,
        ReadOnlySpan<float> kept
    )
    {
        bool[] passed = new bool[heads];
        double[] entropy = new double[heads];
        double[] compactness = new double[heads];
        HeadSelection.Select(attention, heads, grid.Height, grid.Width, options, new float[grid.Cells], passed, entropy, compactness);
        var verdicts = new HeadVerdict[heads];
        for (int head = 0; head < heads; head++)
        {
            HeadFailures failures = FailuresOf(GroundedImage.Slice(attention, heads, head), entropy[head], compactness[head], options);
            verdicts[head] = new HeadVerdict(kept.IsEmpty ? passed[head] : kept[head] != 0, entropy[head], compactness[head], failures);
        }

        return verdicts;
    }

    /// <summary>Each failure in words.</summary>
    public static IReadOnlyList<(HeadFailures Failure, string Words)> WordsFor(HeadSelectionOptions options) =>
        [
            (
                HeadFailures.Entropy,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"entropy {(options.EntropyDirection == EntropyDirection.KeepLow ? "above" : "below")} {options.EntropyThreshold:0.##}"
                )
            ),
            (
                HeadFailures.Compactness,
                string.Create(CultureInfo.InvariantCulture, $"compactness below {options.CompactnessThreshold:0.##}")
            ),
            (HeadFailures.Constant, "the same everywhere"),
        ];

    /// <summary>Why it was dropped, or <c>kept</c>.</summary>
    public string Reason(HeadSelectionOptions options)
    {
        if (Kept)
        {
            return "kept";
        }

        HeadFailures failures = Failures;
        string[] reasons = [.. WordsFor(options).Where(each => failures.HasFlag(each.Failure)).Select(each => each.Words)];
        return reasons.Length == 0 ? "not among the chosen heads" : string.Join(", ", reasons);
    }

    private static HeadFailures FailuresOf(ReadOnlySpan<float> map, double entropy, double compactness, HeadSelectionOptions options)
    {
        if (!map.ContainsAnyExcept(map[0]))
        {
            return HeadFailures.Constant;
        }

        return (options.EntropyPasses(entropy) ? HeadFailures.None : HeadFailures.Entropy)
            | (compactness < options.CompactnessThreshold ? HeadFailures.Compactness : HeadFailures.None);
    }
}
