using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Language;

/// <summary>How time, row and column of a position share the pairs of a head.</summary>
/// <param name="Sections">How many pairs each of the three turns where settings do not say it.</param>
/// <param name="Interleaved">
/// Whether pairs take time, row, column in turn as long as a section lasts, and time after that; otherwise each section is a run of pairs.
/// </param>
internal sealed record RotaryAxes(IReadOnlyList<int> Sections, bool Interleaved)
{
    private const string SectionsKey = "mrope_section";
    private const string InterleavedKey = "mrope_interleaved";
    private const int LargestSection = 1 << 20;

    /// <summary>Reads the axis of each pair.</summary>
    /// <param name="rotary">The settings of rotary positions, or <see langword="null"/> where there are none.</param>
    /// <param name="decoder">The decoder's settings, for errors.</param>
    /// <param name="pairs">Pairs of a head's elements.</param>
    /// <exception cref="CheckpointException">The sections do not fit the head.</exception>
    public IReadOnlyList<int> Read(JsonSettings? rotary, JsonSettings decoder, int pairs)
    {
        IReadOnlyList<int> sections = rotary?.TryInts(SectionsKey, 0, LargestSection) ?? Sections;
        if (Interleaved)
        {
            // The architecture decides, whatever is stated.
            rotary?.Ignore(InterleavedKey);
        }
        else
        {
            rotary?.Require(InterleavedKey, false);
        }

        return sections.Count == 3 && (Interleaved || sections.Sum(section => (long)section) == pairs)
            ? OfPairs(sections, Interleaved, pairs)
            : throw (rotary ?? decoder).Wrong(
                SectionsKey,
                $"pairs for time, row and column{(Interleaved ? "" : $", {pairs} together as a head has,")} were expected, found [{string.Join(", ", sections)}]"
            );
    }

    /// <summary>The axis of each pair: 0 for time, 1 for the row, 2 for the column.</summary>
    public static IReadOnlyList<int> OfPairs(IReadOnlyList<int> sections, bool interleaved, int pairs) =>
        interleaved
            ? [.. Enumerable.Range(0, pairs).Select(pair => pair < 3 * (long)sections[pair % 3] ? pair % 3 : 0)]
            : [.. sections.SelectMany((section, axis) => Enumerable.Repeat(axis, section))];
}
