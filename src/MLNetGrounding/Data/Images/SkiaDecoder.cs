using System.Runtime.InteropServices;
using SkiaSharp;

namespace MLNetGrounding.Data.Images;

/// <summary>
/// Decodes JPEG, PNG, WebP, GIF and BMP with Skia, whose pixels equal Pillow's once no colors are converted or multiplied by alpha.
/// </summary>
internal static class SkiaDecoder
{
    /// <summary>Decodes a file in whole: one that breaks off counts as broken.</summary>
    /// <param name="file">The bytes of the file; those of a GIF may be changed.</param>
    /// <param name="isGif">Whether it is a GIF.</param>
    /// <param name="maxPixels">The most pixels that are decoded, should the decoder see another size than the header's reader.</param>
    /// <returns>The stored colors, BGRA, with whatever alpha the file has.</returns>
    /// <exception cref="UnreadableImageException">The file cannot be decoded.</exception>
    public static SKBitmap Decode(byte[] file, bool isGif, int maxPixels)
    {
        GifFirstFrame? frame = isGif ? GifFirstFrame.MakeOpaque(file) : null;
        var pinned = GCHandle.Alloc(file, GCHandleType.Pinned);
        try
        {
            using var data = SKData.Create(pinned.AddrOfPinnedObject(), file.Length);
            SKBitmap bitmap = Decode(data, maxPixels);
            frame?.FillOutside(Pixels(bitmap), bitmap.Width);
            return bitmap;
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary>A bitmap of BGRA whose colors are not multiplied by alpha.</summary>
    /// <exception cref="UnreadableImageException">There is no memory for it.</exception>
    public static SKBitmap Allocate(int width, int height)
    {
        var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Unpremul)))
        {
            bitmap.Dispose();
            throw new UnreadableImageException($"cannot be decoded: there is no memory for its {width} x {height} pixels.");
        }

        return bitmap;
    }

    /// <summary>The pixels of a bitmap of BGRA, alpha in the highest byte.</summary>
    public static Span<uint> Pixels(SKBitmap bitmap)
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(pixels), pixels.Length);
    }

    private static SKBitmap Decode(SKData data, int maxPixels)
    {
        using SKCodec codec = SKCodec.Create(data) ?? throw new UnreadableImageException("is damaged: its header cannot be read.");
        ImageFile.RequireSize(codec.Info.Width, codec.Info.Height, maxPixels);

        // Without a color space no colors are converted.
        SKBitmap bitmap = Allocate(codec.Info.Width, codec.Info.Height);
        SKCodecResult result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            bitmap.Dispose();
            throw new UnreadableImageException($"cannot be decoded: {result}.");
        }

        return bitmap;
    }
}
