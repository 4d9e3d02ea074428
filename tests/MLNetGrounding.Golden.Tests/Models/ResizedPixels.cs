using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.QwenVl;

namespace MLNetGrounding.Golden.Models;

/// <summary>Images after the resize and before anything else, where a family's preprocessor shows them.</summary>
internal static class ResizedPixels
{
    public static byte[]? TryOf(IImagePreprocessor images, RgbImage image, ImageRequest request) =>
        images is QwenImagePreprocessor qwen ? qwen.Resize(image, request) : null;
}
