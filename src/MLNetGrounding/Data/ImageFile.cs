using Microsoft.ML.Data;
using SkiaSharp;

namespace MLNetGrounding.Data;

/// <summary>Decodes image files.</summary>
internal static class ImageFile
{
    /// <summary>1 GiB of BGRA: far more than any model sees of an image, and less than what an array can hold.</summary>
    private const long MostPixels = 1 << 28;

    /// <summary>Decodes a file in whole: one that breaks off counts as broken, while <see cref="MLImage"/>'s own decoder fills in gray.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">Receives why there is no image.</param>
    /// <returns>The image, BGRA with premultiplied alpha, or <see langword="null"/>.</returns>
    public static MLImage? TryDecode(string path, out string? reason)
    {
        try
        {
            using SKData data = SKData.CreateCopy(File.ReadAllBytes(path));
            using SKCodec? codec = SKCodec.Create(data);
            if (codec is null)
            {
                reason = $"'{path}' is not an image of a known format.";
                return null;
            }

            if (TooLarge(codec) is { } tooLarge)
            {
                reason = $"'{path}' {tooLarge}";
                return null;
            }

            // Keeping the file's own color space means that no colors are converted.
            var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, SKAlphaType.Premul, codec.Info.ColorSpace);
            using var bitmap = new SKBitmap();
            if (!bitmap.TryAllocPixels(info))
            {
                reason = $"'{path}' cannot be decoded: there is no memory for its {info.Width} x {info.Height} pixels.";
                return null;
            }

            SKCodecResult result = codec.GetPixels(info, bitmap.GetPixels());
            if (result != SKCodecResult.Success)
            {
                reason = $"'{path}' cannot be decoded: {result}.";
                return null;
            }

            MLImage image = MLImage.CreateFromPixels(info.Width, info.Height, MLPixelFormat.Bgra32, bitmap.GetPixelSpan());
            image.Tag = path;
            reason = null;
            return image;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = $"'{path}' cannot be read: {exception.Message}";
            return null;
        }
    }

    /// <summary>What to say of an image that claims more pixels than are decoded, whatever is in its file; else <see langword="null"/>.</summary>
    public static string? TooLarge(SKCodec codec) => (long)codec.Info.Width * codec.Info.Height > MostPixels
        ? $"has {codec.Info.Width} x {codec.Info.Height} pixels; at most {MostPixels} are decoded."
        : null;
}
