using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetGrounding.DataViews;

/// <summary>Reads whole columns.</summary>
internal static class Columns
{
    public static float[][] Vectors(this IDataView data, string name) =>
        [.. data.GetColumn<VBuffer<float>>(name).Select(buffer => buffer.DenseValues().ToArray())];

    public static int[] Dimensions(this DataViewSchema schema, string name) => [.. ((VectorDataViewType)schema[name].Type).Dimensions];

    public static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], actual[row], $"row {row}");
        }
    }
}
