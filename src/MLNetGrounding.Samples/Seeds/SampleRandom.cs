namespace MLNetGrounding.Samples.Seeds;

/// <summary>
/// Generates the same numbers for the same seed on every platform and .NET version (xoshiro256** seeded by SplitMix64).
/// </summary>
/// <remarks><see cref="Random"/> does not promise its sequence across .NET versions, and the samples are identified by their seeds.</remarks>
internal sealed class SampleRandom
{
    private ulong _state0;
    private ulong _state1;
    private ulong _state2;
    private ulong _state3;

    public SampleRandom(ulong seed, ulong stream = 0)
    {
        // Streams of one seed are independent, so that, for example, other colors leave the pose as it is.
        ulong split = seed;
        split = SplitMix(ref split) ^ (stream * 0xD1342543DE82EF95UL);
        _state0 = SplitMix(ref split);
        _state1 = SplitMix(ref split);
        _state2 = SplitMix(ref split);
        _state3 = SplitMix(ref split);
    }

    public ulong NextUInt64()
    {
        ulong result = ulong.RotateLeft(_state1 * 5, 7) * 9;
        ulong shifted = _state1 << 17;
        _state2 ^= _state0;
        _state3 ^= _state1;
        _state1 ^= _state2;
        _state0 ^= _state3;
        _state2 ^= shifted;
        _state3 = ulong.RotateLeft(_state3, 45);
        return result;
    }

    /// <summary>Draws an integer of [0, <paramref name="count"/>).</summary>
    public int NextInt(int count) => (int)(((NextUInt64() >> 32) * (ulong)count) >> 32);

    /// <summary>Draws a number of [0, 1).</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    public float Range(float minimum, float maximum) => minimum + ((maximum - minimum) * NextSingle());

    public bool Chance(float probability) => NextSingle() < probability;

    public T Pick<T>(ReadOnlySpan<T> items) => items[NextInt(items.Length)];

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        ulong mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
