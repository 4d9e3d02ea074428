using System.Runtime.InteropServices;
using SkiaSharp;

namespace MLNetGrounding.Samples.Dataset;

/// <summary>
/// Writes pixels losslessly.
/// </summary>
internal static class PngFile
{
    public static void WriteRgb(string path, ReadOnlySpan<byte> rgb, int width, int height)
    {
        byte[] pixels = new byte[width * height * 4];
        for (int pixel = 0; pixel < width * height; pixel++)
        {
            rgb.Slice(pixel * 3, 3).CopyTo(pixels.AsSpan(pixel * 4));
            pixels[(pixel * 4) + 3] = 255;
        }

        Write(path, pixels, new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
    }

    public static void WriteGray(string path, byte[] gray, int width, int height) =>
        Write(path, gray, new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));

    private static void Write(string path, byte[] pixels, SKImageInfo info)
    {
        var handle = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            using var pixmap = new SKPixmap(info, handle.AddrOfPinnedObject(), info.RowBytes);
            using SKData data = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6))
                ?? throw new InvalidOperationException($"SkiaSharp could not encode '{path}'.");
            using FileStream file = File.Create(path);
            data.SaveTo(file);
        }
        finally
        {
            handle.Free();
        }
    }
}
