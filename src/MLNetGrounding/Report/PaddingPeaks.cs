using System.Numerics.Tensors;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Report;

/// <summary>Maps that are largest where they show nothing of the image.</summary>
internal static class PaddingPeaks
{
    /// <summary>For each method and query whether the first cell of the largest value lies outside; a constant map has no peak.</summary>
    public static bool[][] Of(GroundedImage image)
    {
        float[] fractions = new float[image.Grid.Cells];
        image.Geometry.FrameFractions(fractions);
        return
        [
            .. image.Methods.Select(
                (_, method) =>
                    Enumerable.Range(0, image.Queries.Count).Select(query => IsOutside(image.MapOf(method, query), fractions)).ToArray()
            ),
        ];
    }

    private static bool IsOutside(ReadOnlySpan<float> map, ReadOnlySpan<float> fractions) =>
        RowValues.AreFinite(map) && map.IndexOfAnyExcept(map[0]) >= 0 && fractions[TensorPrimitives.IndexOfMax(map)] == 0;
}
