namespace MLNetGrounding;

/// <summary>
/// A run of consecutive seeds, each of which draws one sample bird, or one car.
/// </summary>
public sealed class SampleSeedRange
{
    private readonly int? _defaultCount;

    /// <summary>
    /// Initializes a new instance of the <see cref="SampleSeedRange"/> class.
    /// </summary>
    /// <param name="name">The name that tells what the seeds are for.</param>
    /// <param name="start">The first seed.</param>
    /// <param name="count">The number of seeds.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/> or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive, or the range passes the largest
    /// seed.</exception>
    public SampleSeedRange(string name, ulong start, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, ulong.MaxValue - (ulong)count);
        Name = name;
        Start = start;
        Count = count;
    }

    /// <summary>
    /// Gets the name that tells what the seeds are for.
    /// </summary>
    public string Name { get; }

    /// <summary>
    /// Gets the first seed.
    /// </summary>
    public ulong Start { get; }

    /// <summary>
    /// Gets the number of seeds.
    /// </summary>
    public int Count { get; }

    /// <summary>
    /// Gets how many images are drawn where nobody says how many; <see cref="Count"/> unless the range is made for more.
    /// </summary>
    public int DefaultCount
    {
        get => _defaultCount ?? Count;
        internal init => _defaultCount = value;
    }

    /// <summary>
    /// Gets the seed at a position of the range.
    /// </summary>
    /// <param name="index">The zero-based position.</param>
    /// <returns>The seed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside the range.</exception>
    public ulong this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return Start + (ulong)index;
        }
    }
}
