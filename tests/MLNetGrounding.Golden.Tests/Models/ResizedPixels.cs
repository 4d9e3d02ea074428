using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Families.QwenVl;
using MLNetGrounding.Models.Imaging;
using MLNetGrounding.Models.Tiles;

namespace MLNetGrounding.Golden.Models;

/// <summary>Images after the resize and before anything else, where a family's preprocessor shows them.</summary>
internal static class ResizedPixels
{
    public static byte[]? TryOf(IImagePreprocessor images, RgbImage image, ImageRequest request) =>
        images is QwenImagePreprocessor qwen ? qwen.Resize(image, request) : null;

    /// <summary>
    /// The levels of red, green and blue that an image's values were made of, in their order, <c>[..., 3, height, width]</c>.
    /// </summary>
    public static byte[]? TryLevels(IImagePreprocessor images, PreparedImage image)
    {
        PixelSettings? settings = images switch
        {
            TiledImagePreprocessor tiled => tiled.Pixels,
            AnyresPreprocessor anyres => anyres.Pixels,
            SquareImagePreprocessor square => square.Pixels,
            _ => null,
        };
        PixelNormalizer? normalizer = settings?.CreateNormalizer();
        long plane = image.Shape[^1] * image.Shape[^2];
        return normalizer is null
            ? null
            : [.. image.Values.Select((value, index) => (byte)Math.Max(0, normalizer.Of((int)(index / plane % 3)).BinarySearch(value)))];
    }
}
