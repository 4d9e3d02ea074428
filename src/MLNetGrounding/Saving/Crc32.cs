namespace MLNetGrounding.Saving;

/// <summary>The check sum of zip files: the cyclic redundancy check of ISO 3309, with the polynomial 0xEDB88320.</summary>
internal static class Crc32
{
    public const uint Start = 0xFFFFFFFF;

    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(index =>
    {
        uint value = (uint)index;
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
        }

        return value;
    })];

    public static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte each in bytes)
        {
            sum = (sum >> 8) ^ Table[(byte)(sum ^ each)];
        }

        return sum;
    }

    public static uint Finish(uint sum) => ~sum;
}
