using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Heads;

/// <summary>Counts how often each head is selected, sample by sample, to choose the heads that are selected most often.</summary>
/// <param name="layers">Number of layers.</param>
/// <param name="heads">Heads of each layer.</param>
internal sealed class HeadFrequency(int layers, int heads)
{
    private readonly long[] _counts = new long[checked(layers * heads)];

    /// <summary>Number of samples counted.</summary>
    public long Samples { get; private set; }

    /// <summary>Counts one sample.</summary>
    /// <param name="selected">Which heads the sample selects, <c>[layers, heads]</c>.</param>
    public void Add(ReadOnlySpan<bool> selected)
    {
        Numbers.ThrowIfLengthIsNot(_counts.Length, selected.Length, "[layers, heads]", nameof(selected));
        for (int head = 0; head < _counts.Length; head++)
        {
            _counts[head] += selected[head] ? 1 : 0;
        }
        Samples++;
    }

    /// <summary>The heads selected most often.</summary>
    /// <param name="count">How many at most, at least 1.</param>
    /// <returns>
    /// The most frequent first; of equally frequent ones the earlier layer, then the earlier head. Heads that were never selected are left
    /// out, so there may be fewer.
    /// </returns>
    public IReadOnlyList<AttentionHead> MostFrequent(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return
        [
            .. Enumerable
                .Range(0, _counts.Length)
                .Where(head => _counts[head] > 0)
                .OrderByDescending(head => _counts[head])
                .ThenBy(head => head)
                .Take(count)
                .Select(head => new AttentionHead(head / heads, head % heads, (double)_counts[head] / Samples)),
        ];
    }
}
