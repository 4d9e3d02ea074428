using System.Buffers.Binary;
using System.IO.Hashing;

namespace MLNetGrounding.Data;

/// <summary>A PNG of a few bytes that claims to have more pixels than fit into memory.</summary>
internal static class HugePicture
{
    public const int Edge = 200_000;

    public static void Write(string path)
    {
        using FileStream file = File.Create(path);
        file.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Edge);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Edge);
        // Eight bits of gray.
        header[8] = 8;
        WriteChunk(file, [.. "IHDR"u8, .. header]);
        WriteChunk(file, [.. "IDAT"u8, 0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
        WriteChunk(file, [.. "IEND"u8]);
    }

    private static void WriteChunk(FileStream file, byte[] nameAndData)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, nameAndData.Length - 4);
        file.Write(number);
        file.Write(nameAndData);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(nameAndData));
        file.Write(number);
    }
}
