using System.Globalization;

namespace MeasureSampleLlava;

/// <summary>Means over the birds on which an attribute is visible.</summary>
internal sealed record AttributeScore(string Name, int Count, double Mpir, double HitRate, double MedianArea, double Pointing, double Overlap)
{
    public static AttributeScore Of(string name, IEnumerable<BirdScore> scores)
    {
        BirdScore[] all = [.. scores];
        double[] areas = [.. all.Select(score => score.Area).Order()];
        return new AttributeScore(
            name,
            all.Length,
            all.Average(score => score.Hit && score.Area > 0 ? 1 / score.Area : 0),
            all.Average(score => score.Hit ? 1.0 : 0),
            areas[areas.Length / 2],
            all.Average(score => score.Pointing is { } pointing ? pointing ? 1.0 : 0 : double.NaN),
            all.Average(score => score.Overlap ?? double.NaN));
    }

    public static AttributeScore Mean(IReadOnlyList<AttributeScore> scores) => new(
        "mean",
        scores.Sum(score => score.Count),
        scores.Average(score => score.Mpir),
        scores.Average(score => score.HitRate),
        scores.Average(score => score.MedianArea),
        scores.Average(score => score.Pointing),
        scores.Average(score => score.Overlap));

    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture, $"| {Name} | {Count} | {Mpir:0.0} | {HitRate:0.00} | {MedianArea:p1} | {Share(Pointing)} | {Share(Overlap)} |");

    private static string Share(double value) => double.IsNaN(value) ? "" : value.ToString("0.00", CultureInfo.InvariantCulture);
}
