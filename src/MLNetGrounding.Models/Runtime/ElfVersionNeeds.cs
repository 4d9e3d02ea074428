using System.Buffers.Binary;
using System.Text;

namespace MLNetGrounding.Models.Runtime;

/// <summary>Edits the symbol version requirements (section <c>SHT_GNU_verneed</c>) of a 64-bit little-endian ELF image.</summary>
internal static class ElfVersionNeeds
{
    private const int SectionVersionNeeds = 0x6ffffffe;
    private const ushort FlagWeak = 0x2;

    /// <summary>
    /// Marks the requirement for <paramref name="version"/> as weak: a runtime without it then loads the library all the same.
    /// </summary>
    /// <returns>Whether the image is one that this can read and had such a requirement.</returns>
    public static bool TryWeaken(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }

        long sectionTable = Read64(image, 0x28);
        int sectionSize = Read16(image, 0x3A);
        int sectionCount = Read16(image, 0x3C);
        for (int section = 0; section < sectionCount; section++)
        {
            int header = checked((int)sectionTable + section * sectionSize);
            if (Read32(image, header + 4) == SectionVersionNeeds)
            {
                int names = (int)Read64(image, checked((int)sectionTable + Read32(image, header + 0x28) * sectionSize) + 0x18);
                return TryWeaken(image, (int)Read64(image, header + 0x18), names, version);
            }
        }

        return false;
    }

    private static bool TryWeaken(Span<byte> image, int need, int names, string version)
    {
        byte[] wanted = Encoding.ASCII.GetBytes(version + '\0');
        bool found = false;
        while (true)
        {
            int entry = need + Read32(image, need + 8);
            for (int remaining = Read16(image, need + 2); remaining > 0; remaining--)
            {
                if (image[(names + Read32(image, entry + 8))..].StartsWith(wanted))
                {
                    Span<byte> flags = image.Slice(entry + 4, 2);
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | FlagWeak));
                    found = true;
                }

                entry += Read32(image, entry + 12);
            }

            int next = Read32(image, need + 12);
            if (next == 0)
            {
                return found;
            }

            need += next;
        }
    }

    private static ushort Read16(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]);

    private static int Read32(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadInt32LittleEndian(image[offset..]);

    private static long Read64(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadInt64LittleEndian(image[offset..]);
}
