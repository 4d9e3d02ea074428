using System.Globalization;
using System.Text;
using MLNetGrounding.Data;

namespace MLNetGrounding.Comparison;

/// <summary>Writes a comparison as one line for each number.</summary>
internal static class MapComparisonCsv
{
    public static string Write(MapComparison comparison)
    {
        StringBuilder text = new("method,other,word,n,score,value,low,high\n");
        foreach (MethodAreas method in comparison.Methods)
        {
            foreach (WordAreas word in method.Words.Append(method.Mean))
            {
                Line(method.Name, "", word.Word, word.Count, "median_area", word.MedianArea);
                Line(method.Name, "", word.Word, word.Count, "constant_map", word.ConstantMaps);
            }
        }

        foreach (MethodAgreement pair in comparison.Agreements)
        {
            Line(pair.First, pair.Second, "mean", pair.Count, "iou_regions", pair.Regions);
            Line(pair.First, pair.Second, "mean", pair.Count, "iou_largest_cells", pair.LargestCells);
            Line(pair.First, pair.Second, "mean", pair.Count, "same_peak", pair.Peaks);
        }

        return text.ToString();

        void Line(string method, string other, string word, int count, string score, Estimate estimate) =>
            text.Append(
                    CsvLine.Join([
                        method,
                        other,
                        word,
                        count.ToString(CultureInfo.InvariantCulture),
                        score,
                        Number(estimate.Value),
                        Number(estimate.Low),
                        Number(estimate.High),
                    ])
                )
                .Append('\n');
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
