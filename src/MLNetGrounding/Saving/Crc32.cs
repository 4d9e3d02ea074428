using System.Buffers.Binary;

namespace MLNetGrounding;

/// <summary>The check sum of zip and PNG files: the cyclic redundancy check of ISO 3309, with the polynomial 0xEDB88320.</summary>
internal static class Crc32
{
    public const uint Start = 0xFFFFFFFF;

    private const uint Polynomial = 0xEDB88320;

    /// <summary>What a byte becomes once so many further bytes, 0 to 7, have been appended to it.</summary>
    private static readonly uint[][] Tables = Create();

    public static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        uint[][] tables = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint first = sum ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint second = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            sum = tables[7][(byte)first] ^ tables[6][(byte)(first >> 8)] ^ tables[5][(byte)(first >> 16)] ^ tables[4][first >> 24]
                ^ tables[3][(byte)second] ^ tables[2][(byte)(second >> 8)] ^ tables[1][(byte)(second >> 16)] ^ tables[0][second >> 24];
        }

        foreach (byte each in bytes)
        {
            sum = (sum >> 8) ^ tables[0][(byte)(sum ^ each)];
        }

        return sum;
    }

    public static uint Finish(uint sum) => ~sum;

    private static uint[][] Create()
    {
        uint[][] tables = [.. Enumerable.Range(0, 8).Select(_ => new uint[256])];
        for (int index = 0; index < 256; index++)
        {
            uint value = (uint)index;
            for (int table = 0; table < tables.Length; table++)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
                }

                tables[table][index] = value;
            }
        }

        return tables;
    }
}
