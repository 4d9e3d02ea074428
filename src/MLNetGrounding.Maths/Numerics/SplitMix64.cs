namespace MLNetGrounding.Maths.Numerics;

/// <summary>
/// Random numbers that are the same on every platform and version of .NET, so that reports can be repeated
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator of its own for each pair of seed and text.</summary>
    public static SplitMix64 For(ulong seed, string text)
    {
        // FNV-1a: string.GetHashCode differs from run to run.
        ulong hash = 0xCBF29CE484222325UL;
        foreach (char character in text)
        {
            hash = (hash ^ character) * 0x100000001B3UL;
        }
        return new SplitMix64(new SplitMix64(seed).Next() ^ hash);
    }

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        ulong mixed = _state;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBUL;
        return mixed ^ mixed >> 31;
    }

    /// <summary>A number from 0 to 1, 1 excluded.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to <paramref name="count"/>, which is excluded.</summary>
    public int Next(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);
}
