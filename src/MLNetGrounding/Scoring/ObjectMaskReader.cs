using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Scoring;

/// <summary>Reads images that say which pixels are the whole object.</summary>
internal static class ObjectMaskReader
{
    // Levels between black and white say how many annotators saw the object there, or come from smoothing: the majority counts.
    private const byte Majority = 128;

    /// <summary>Reads a mask.</summary>
    /// <exception cref="InvalidDataException">It cannot be decoded or is not as large as the image.</exception>
    public static ObjectPixels Read(string path, in ImageGeometry geometry) =>
        new(Array.ConvertAll(GrayImage.Read(path, "object mask", geometry), level => level >= Majority), geometry);
}
