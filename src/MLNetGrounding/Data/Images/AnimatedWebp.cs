using System.Buffers.Binary;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace MLNetGrounding.Data.Images;

/// <summary>Reads the header of animated WebP files, which ImageSharp does not.</summary>
internal static class AnimatedWebp
{
    private const int FirstChunk = 12;
    private const int ChunkHeader = 8;
    private const int ExtendedLength = 10;
    private const byte AnimationFlag = 2;
    private const int LongestExif = 1 << 20;

    /// <summary>The header of an animated file, <see langword="null"/> for every other; leaves the file at its beginning.</summary>
    public static ImageHeader? TryRead(Stream file)
    {
        Span<byte> start = stackalloc byte[FirstChunk + ChunkHeader + ExtendedLength];
        int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        ReadOnlySpan<byte> settings = start[(FirstChunk + ChunkHeader)..];
        if (
            length < start.Length
            || !start.StartsWith("RIFF"u8)
            || !start[8..].StartsWith("WEBPVP8X"u8)
            || (settings[0] & AnimationFlag) == 0
        )
        {
            return null;
        }

        int orientation = ImageHeader.OrientationIn(Exif(file));
        file.Position = 0;
        return new ImageHeader(WebpFormat.Instance, Size(settings[4..]), Size(settings[7..]), orientation, IsDeep: false);
    }

    private static int Size(ReadOnlySpan<byte> bytes) => 1 + (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16));

    private static ExifProfile? Exif(Stream file)
    {
        Span<byte> header = stackalloc byte[ChunkHeader];
        for (long at = FirstChunk; at + ChunkHeader <= file.Length; )
        {
            file.Position = at;
            file.ReadExactly(header);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            if (header.StartsWith("EXIF"u8) && length <= Math.Min(LongestExif, file.Length - at - ChunkHeader))
            {
                byte[] bytes = new byte[length];
                file.ReadExactly(bytes);
                return new ExifProfile(bytes.AsSpan().StartsWith("Exif\0\0"u8) ? bytes[6..] : bytes);
            }

            // Chunks begin at even positions.
            at += ChunkHeader + length + (length & 1);
        }

        return null;
    }
}
