using Microsoft.ML.Data;
using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>Copies pictures between ML.NET and SkiaSharp.</summary>
internal static class SkiaImages
{
    public static SKColorType ColorTypeOf(MLImage image) =>
        image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => SKColorType.Bgra8888,
            MLPixelFormat.Rgba32 => SKColorType.Rgba8888,
            _ => throw new NotSupportedException($"Images of pixel format {image.PixelFormat} cannot be drawn; expected Bgra32 or Rgba32."),
        };

    public static SKImage ToSkia(MLImage image) =>
        SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, ColorTypeOf(image), SKAlphaType.Premul), image.Pixels);

    public static SKBitmap NewBitmap(int width, int height) =>
        new(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Premul));

    public static MLImage ToImage(SKBitmap bitmap) =>
        MLImage.CreateFromPixels(bitmap.Width, bitmap.Height, MLPixelFormat.Bgra32, bitmap.GetPixelSpan());

    /// <summary>The image as WebP, reduced so that its longer edge has at most so many pixels.</summary>
    public static byte[] EncodeWebp(MLImage image, int edge, int quality)
    {
        float scale = Math.Min(1, (float)edge / Math.Max(image.Width, image.Height));
        using SKImage source = ToSkia(image);
        using SKBitmap reduced = NewBitmap(
            Math.Max((int)MathF.Round(image.Width * scale), 1),
            Math.Max((int)MathF.Round(image.Height * scale), 1)
        );
        using (var canvas = new SKCanvas(reduced))
        using (var paint = new SKPaint { FilterQuality = SKFilterQuality.High })
        {
            canvas.DrawImage(source, new SKRect(0, 0, reduced.Width, reduced.Height), paint);
        }

        using SKData data =
            reduced.Encode(SKEncodedImageFormat.Webp, quality)
            ?? throw new NotSupportedException("This build of SkiaSharp cannot write WebP.");
        return data.ToArray();
    }
}
