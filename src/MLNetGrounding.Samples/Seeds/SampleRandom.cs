using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Samples.Seeds;

/// <summary>
/// Generates the same numbers for the same seed on every platform and .NET version (xoshiro256** seeded by SplitMix64).
/// </summary>
/// <remarks>
/// <see cref="Random"/> does not promise its sequence across .NET versions, and the samples are identified by their seeds.
/// </remarks>
internal sealed class SampleRandom
{
    private ulong _state0;
    private ulong _state1;
    private ulong _state2;
    private ulong _state3;

    public SampleRandom(ulong seed, ulong stream = 0)
    {
        // Streams of one seed are independent, so that, for example, other colors leave the pose as it is.
        var split = new SplitMix64(new SplitMix64(seed).Next() ^ (stream * 0xD1342543DE82EF95UL));
        _state0 = split.Next();
        _state1 = split.Next();
        _state2 = split.Next();
        _state3 = split.Next();
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
}
