using Microsoft.ML.Data;
using SkiaSharp;

namespace MLNetGrounding;

/// <summary>Decodes image files.</summary>
internal static class ImageFile
{
    /// <summary>Decodes a file in whole: one that breaks off counts as broken, while <see cref="MLImage"/>'s own decoder fills in grey.</summary>
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

            // Keeping the file's own colour space means that no colours are converted.
            var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, SKAlphaType.Premul, codec.Info.ColorSpace);
            using var bitmap = new SKBitmap(info);
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
}
