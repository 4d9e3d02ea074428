using System.Globalization;
using System.Text;
using MLNetGrounding.Data;

namespace MLNetGrounding.Comparison;

/// <summary>Writes an evaluation as one line for each method, attribute and score.</summary>
internal static class MethodEvaluationCsv
{
    public static string Write(MethodEvaluation evaluation)
    {
        var text = new StringBuilder("method,kind,attribute,n,score,setting,value,low,high\n");
        foreach (MethodScores method in evaluation.Methods)
        {
            foreach (AttributeScores attribute in method.Attributes.Append(method.Mean))
            {
                foreach ((string score, double? setting, Estimate estimate) in ScoresOf(attribute))
                {
                    string[] fields =
                    [
                        method.Name,
                        method.Kind.ToString(),
                        attribute.Name,
                        attribute.Count.ToString(CultureInfo.InvariantCulture),
                        score,
                        setting is { } value ? Number(value) : "",
                        Number(estimate.Value),
                        Number(estimate.Low),
                        Number(estimate.High),
                    ];
                    text.Append(CsvLine.Join(fields)).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(string Score, double? Setting, Estimate Estimate)> ScoresOf(AttributeScores attribute)
    {
        foreach (RegionScores region in attribute.Regions)
        {
            yield return ("mpir", region.Threshold, region.Mpir);
            yield return ("hit_rate", region.Threshold, region.HitRate);
            yield return ("median_area", region.Threshold, region.MedianArea);
            yield return ("iou", region.Threshold, region.Overlap);
        }

        foreach (FixedAreaScores area in attribute.FixedAreas)
        {
            yield return ("hit_rate_at_area", area.Area, area.HitRate);
            yield return ("area_attained", area.Area, area.AttainedArea);
        }

        yield return ("pointing", null, attribute.Pointing);
        yield return ("part_pointing", null, attribute.PartPointing);
        yield return ("auc", null, attribute.Auc);
        yield return ("mass_in_box", null, attribute.MassInBox);
        yield return ("mass_in_object", null, attribute.MassInObject);
        yield return ("constant_map", null, attribute.ConstantMaps);
        foreach ((string name, Estimate estimate) in attribute.Further)
        {
            yield return (name, null, estimate);
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
