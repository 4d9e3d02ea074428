using MLNetGrounding.Testing;
using SkiaSharp;

namespace MLNetGrounding.Fuzz;

/// <summary>Small valid images.</summary>
internal static class Images
{
    // One red pixel.
    private static readonly byte[] Gif =
    [
        0x47,
        0x49,
        0x46,
        0x38,
        0x39,
        0x61,
        1,
        0,
        1,
        0,
        0x80,
        0,
        0,
        0xff,
        0,
        0,
        0xff,
        0xff,
        0xff,
        0x21,
        0xf9,
        4,
        1,
        0,
        0,
        0,
        0,
        0x2c,
        0,
        0,
        0,
        0,
        1,
        0,
        1,
        0,
        0,
        2,
        2,
        0x44,
        1,
        0,
        0x3b,
    ];

    private static readonly string[] Fixtures =
    [
        "jpeg-rgb420-o6.jpg",
        "png-rgba-o6.png",
        "png-rgb16.png",
        "webp-rgb-animated-o6.webp",
        "gif-palette-trns-partial.gif",
        "tiff-rgb-o6.tif",
        "tiff-rgb-lzw.tif",
        "tiff-bilevel-group4-black0.tif",
        "tiff-palette.tif",
        "tiff-float.tif",
    ];

    /// <summary>An image of each format.</summary>
    public static IReadOnlyList<byte[]> Encoded { get; } =
    [
        Png(9, 7),
        Encode(16, 9, SKEncodedImageFormat.Jpeg),
        Encode(12, 12, SKEncodedImageFormat.Webp),
        Gif,
        Encode(3, 300, SKEncodedImageFormat.Png),
        Bitmap(5, 3),
        .. Fixtures.Select(name => File.ReadAllBytes(TestData.Fixture($"images/{name}"))),
    ];

    public static byte[] Png(int width, int height) => Encode(width, height, SKEncodedImageFormat.Png);

    private static byte[] Encode(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 17), (byte)(y * 31), (byte)(x * y), (byte)(255 - (x * 5))));
            }
        }

        using SKData data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>A Windows bitmap of 24 bits a pixel.</summary>
    private static byte[] Bitmap(int width, int height)
    {
        int row = (((width * 3) + 3) / 4) * 4;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("BM"u8);
        writer.Write(54 + (row * height));
        writer.Write(0);
        writer.Write(54);
        writer.Write(40);
        writer.Write(width);
        writer.Write(height);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write(new byte[24]);
        writer.Write(new byte[row * height]);
        return stream.ToArray();
    }
}
