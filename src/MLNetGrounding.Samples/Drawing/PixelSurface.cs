using System.Runtime.InteropServices;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// A canvas whose RGBA pixels lie in a managed array, to be read and written without copies.
/// </summary>
internal sealed class PixelSurface : IDisposable
{
    private readonly SKBitmap _bitmap = new();

    public PixelSurface(int width, int height)
    {
        Width = width;
        Height = height;
        Pixels = GC.AllocateArray<byte>(width * height * 4, pinned: true);
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        _bitmap.InstallPixels(info, Marshal.UnsafeAddrOfPinnedArrayElement(Pixels, 0), width * 4);
        Canvas = new SKCanvas(_bitmap);
    }

    public int Width { get; }

    public int Height { get; }

    public byte[] Pixels { get; }

    public SKCanvas Canvas { get; }

    public void Dispose()
    {
        Canvas.Dispose();
        _bitmap.Dispose();
    }
}
