using MLNetGrounding;

namespace Microsoft.ML;

/// <summary>The steps of grounding: methods of <c>mlContext.Transforms</c>.</summary>
public static class GroundingTransformsCatalog
{
    /// <summary>
    /// Loads images by path. Unlike ML.NET's <c>LoadImages</c>, a file that cannot be read or decoded does not end the run: its row keeps a
    /// <see langword="null"/> image, and <see cref="MLContext.Log"/> gets its path and, at the end, the number of such rows.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column to add, of <see cref="Data.MLImage"/>: BGRA with premultiplied alpha.</param>
    /// <param name="inputColumnName">The text column with the path of each image.</param>
    /// <returns>The estimator.</returns>
    public static GroundingImageLoaderEstimator LoadGroundingImages(
        this TransformsCatalog catalog,
        string outputColumnName = "Image",
        string inputColumnName = "ImagePath") =>
        new(CatalogEnvironment.Of(catalog), outputColumnName, inputColumnName);
}
