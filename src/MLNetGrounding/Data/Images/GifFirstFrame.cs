using System.Buffers.Binary;

namespace MLNetGrounding.Data.Images;

/// <summary>
/// The first frame of a GIF file. Decoders erase the color of transparent pixels; once the file no longer says which color is transparent,
/// it is shown.
/// </summary>
internal readonly record struct GifFirstFrame(int Left, int Top, int Width, int Height, uint Background)
{
    private const int ScreenDescriptor = 6;
    private const int FirstBlock = 13;
    private const byte Extension = 0x21;
    private const byte ControlLabel = 0xF9;
    private const byte Frame = 0x2C;

    /// <summary>Removes the mark of the transparent color from the first frame.</summary>
    /// <param name="file">The file, which is changed.</param>
    /// <returns>
    /// Where the frame lies on the screen, and the color (BGRA) of what it does not cover: the transparent one, else the palette's first.
    /// <see langword="null"/> where the file breaks off before.
    /// </returns>
    public static GifFirstFrame? MakeOpaque(Span<byte> file)
    {
        try
        {
            int at = FirstBlock + PaletteLength(file[ScreenDescriptor + 4]);
            int transparent = 0;
            while (file[at] == Extension)
            {
                if (file[at + 1] == ControlLabel && (file[at + 3] & 1) != 0)
                {
                    file[at + 3] &= 0xFE;
                    transparent = file[at + 6];
                }

                for (at += 2; file[at] != 0; at += file[at] + 1) { }

                at++;
            }

            if (file[at] != Frame)
            {
                return null;
            }

            ReadOnlySpan<byte> frame = file.Slice(at + 1, 9);
            int palette = PaletteLength(frame[8]) > 0 ? at + 10 : FirstBlock;
            ReadOnlySpan<byte> color = file.Slice(palette + (3 * transparent), 3);
            return new GifFirstFrame(
                BinaryPrimitives.ReadUInt16LittleEndian(frame),
                BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]),
                BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]),
                BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]),
                0xFF000000 | ((uint)color[0] << 16) | ((uint)color[1] << 8) | color[2]
            );
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Colors what lies outside the frame.</summary>
    public void FillOutside(Span<uint> screen, int width)
    {
        for (int index = 0; index < screen.Length; index++)
        {
            (int y, int x) = Math.DivRem(index, width);
            if (x < Left || x >= Left + Width || y < Top || y >= Top + Height)
            {
                screen[index] = Background;
            }
        }
    }

    private static int PaletteLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
