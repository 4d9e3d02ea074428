using System.Globalization;

namespace MLNetGrounding.Comparison;

/// <summary>The tables of a comparison without annotations.</summary>
internal static class MapComparisonTables
{
    public static TableDocument DocumentOf(MapComparison comparison) =>
        new(
            "Grounding methods side by side",
            comparison.Origin,
            Introduction(comparison),
            Tables(comparison).Where(table => table.Rows.Count > 0),
            Notes(comparison)
        );

    private static IEnumerable<string> Introduction(MapComparison comparison)
    {
        string failed =
            comparison.FailedImageCount > 0 ? $" {comparison.FailedImageCount} of them could not be computed and are in no number." : "";
        yield return $"{comparison.ImageCount} images: {comparison.Rows}.{failed} Without annotations nothing is scored: the tables say how large regions are and how much methods agree, not which method is right.";
        yield return $"In brackets: {Percent(comparison.Confidence, "0.#")} intervals from {comparison.BootstrapReplicates} resamplings of the images (percentiles, seed {comparison.Seed}).";
    }

    private static IEnumerable<EvaluationTable> Tables(MapComparison comparison)
    {
        yield return EvaluationTable.Of(
            $"Median area of the regions at threshold {Number(comparison.RegionThreshold)}, share of the frame",
            ["method", .. comparison.Words, "mean"],
            [.. comparison.Methods.Select(method => (EvaluationCell[])[method.Name, .. method.Words.Append(method.Mean).Select(AreaOf)])]
        );
        yield return EvaluationTable.Of(
            "Agreement of two methods, means over words and images",
            ["methods", "IoU of regions", $"IoU of {Percent(comparison.Area, "0.#")} largest", "same peak"],
            [
                .. comparison.Agreements.Select(pair =>
                    (EvaluationCell[])[$"{pair.First} and {pair.Second}", Share(pair.Regions), Share(pair.LargestCells), Share(pair.Peaks)]
                ),
            ]
        );
    }

    private static IEnumerable<string> Notes(MapComparison comparison)
    {
        foreach (MethodAreas method in comparison.Methods.Where(method => method.Words.Any(word => word.ConstantMaps.Value > 0)))
        {
            double maps = method.Words.Sum(word => word.Count > 0 ? word.Count * word.ConstantMaps.Value : 0);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{method.Name}: {maps:0} of {method.Mean.Count} maps are the same everywhere; they have no region and no peak, and are in no agreement."
            );
        }

        yield return $"IoU: cells in both over cells in either, padding left out; of the regions at the threshold, and of the cells of largest value that cover {Percent(comparison.Area, "0.#")} of the frame. Same peak: the maxima are in one cell.";
    }

    private static EvaluationCell AreaOf(WordAreas word) => WithInterval(word.MedianArea, value => Percent(value, "0.0"));

    private static EvaluationCell Share(Estimate estimate) =>
        WithInterval(estimate, value => value.ToString("0.00", CultureInfo.InvariantCulture));

    private static EvaluationCell WithInterval(Estimate estimate, Func<double, string> format) =>
        double.IsNaN(estimate.Value)
            ? ""
            : new EvaluationCell(format(estimate.Value), $"[{format(estimate.Low)}, {format(estimate.High)}]");

    private static string Percent(double value, string format) => (100 * value).ToString(format, CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
