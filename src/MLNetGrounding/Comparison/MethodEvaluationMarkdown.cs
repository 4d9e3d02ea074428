using System.Globalization;
using System.Text;

namespace MLNetGrounding.Comparison;

/// <summary>Writes an evaluation as Markdown tables.</summary>
internal sealed class MethodEvaluationMarkdown
{
    private readonly MethodEvaluation _evaluation;
    private readonly StringBuilder _text = new();

    private MethodEvaluationMarkdown(MethodEvaluation evaluation) => _evaluation = evaluation;

    public static string Write(MethodEvaluation evaluation) => new MethodEvaluationMarkdown(evaluation).Write();

    private IEnumerable<MethodScores> Compared => _evaluation.Methods.Where(method => method.Kind == MethodKind.Method);

    private IEnumerable<MethodScores> Baselines => _evaluation.Methods.Where(method => method.Kind == MethodKind.Baseline);

    private string Write()
    {
        string failed =
            _evaluation.FailedImageCount > 0 ? $" {_evaluation.FailedImageCount} of them could not be computed and are in no score." : "";
        Line($"{_evaluation.ImageCount} images: {_evaluation.Rows}.{failed}");
        Line(
            $"In brackets: {Percent(_evaluation.Confidence, 0)} intervals from {_evaluation.BootstrapReplicates} resamplings of the images (percentiles, seed {_evaluation.Seed}). Means are over the attributes, each counting the same."
        );
        PerAttribute(
            $"mPIR at threshold {Number(_evaluation.RegionThreshold)}",
            Compared,
            attribute => WithInterval(Region(attribute).Mpir, Score)
        );
        Headline();
        Differences();
        Further();
        Agreements();
        ChosenThresholds();
        if (_evaluation.FixedAreas.ToList().IndexOf(MethodEvaluationOptions.Defaults.SmallArea) is >= 0 and int fivePercent)
        {
            PerAttribute(
                "Hit rate of the cells of largest value that cover 5 % of the frame",
                _evaluation.Methods.Where(method =>
                    method.Kind != MethodKind.SwappedQuery && !double.IsNaN(method.Mean.FixedAreas[fivePercent].HitRate.Value)
                ),
                attribute => WithInterval(attribute.FixedAreas[fivePercent].HitRate, Share)
            );
        }

        PerAttribute(
            $"mPIR of baselines at threshold {Number(_evaluation.RegionThreshold)}",
            Baselines,
            attribute => WithInterval(Region(attribute).Mpir, Score)
        );
        FixedAreas();
        Sweep();
        PerAttribute(
            $"Hit rate at threshold {Number(_evaluation.RegionThreshold)}",
            Compared,
            attribute => Share(Region(attribute).HitRate.Value)
        );
        PerAttribute("Pointing at the key point", Compared, attribute => Share(attribute.Pointing.Value));
        if (Compared.Any(method => !double.IsNaN(method.Mean.PartPointing.Value)))
        {
            PerAttribute("Pointing at the part", Compared, attribute => Share(attribute.PartPointing.Value));
        }

        Notes();
        return _text.ToString();
    }

    private void PerAttribute(string title, IEnumerable<MethodScores> methods, Func<AttributeScores, string> score)
    {
        MethodScores[] rows = [.. methods];
        if (rows.Length == 0)
        {
            return;
        }

        Table(title, ["method", .. _evaluation.Attributes, "mean"]);
        // Methods may fail on different images; the first stands for all unless they differ.
        Row([
            "n",
            .. Enumerable
                .Range(0, _evaluation.Attributes.Count)
                .Select(index => Counts(rows.Select(method => method.Attributes[index].Count))),
            "",
        ]);
        foreach (MethodScores method in rows)
        {
            Row([method.Name, .. method.Attributes.Select(score), score(method.Mean)]);
        }
    }

    private void Headline()
    {
        string[] fixedArea = [.. _evaluation.FixedAreas.Where(IsHeadline).Select(area => $"hit at {Percent(area, 0)}")];
        Table(
            $"All scores, means over the attributes, threshold {Number(_evaluation.RegionThreshold)}",
            [
                "method",
                "mPIR",
                "swapped mPIR",
                "hit rate",
                "median area",
                .. fixedArea,
                "pointing",
                "pointing, part",
                "AUC",
                "mass in box",
                "IoU",
            ]
        );
        foreach (MethodScores method in Compared.Concat(Baselines))
        {
            RegionScores region = Region(method.Mean);
            MethodScores? swapped = _evaluation.Methods.FirstOrDefault(other => other.MapsOf == method.Name);
            Row([
                method.Name,
                WithInterval(region.Mpir, Score),
                swapped is null ? "" : WithInterval(Region(swapped.Mean).Mpir, Score),
                WithInterval(region.HitRate, Share),
                WithInterval(region.MedianArea, value => Percent(value, 1)),
                .. method.Mean.FixedAreas.Where(area => IsHeadline(area.Area)).Select(area => WithInterval(area.HitRate, Share)),
                WithInterval(method.Mean.Pointing, Share),
                WithInterval(method.Mean.PartPointing, Share),
                WithInterval(method.Mean.Auc, Share3),
                WithInterval(method.Mean.MassInBox, Share),
                WithInterval(region.Overlap, Share3),
            ]);
        }
    }

    private void Differences()
    {
        MethodScores[] others = [.. Compared.Where(method => method.MeanMinusReference is not null)];
        if (others.Length == 0)
        {
            return;
        }

        string[] fixedArea = [.. _evaluation.FixedAreas.Where(IsHeadline).Select(area => $"hit at {Percent(area, 0)}")];
        Table(
            $"Difference from {_evaluation.Reference}, both resampled together, threshold {Number(_evaluation.RegionThreshold)}",
            ["method", "mPIR", "hit rate", "median area", .. fixedArea, "pointing", "pointing, part", "AUC", "IoU"]
        );
        foreach (MethodScores method in others)
        {
            AttributeScores difference = method.MeanMinusReference!;
            RegionScores region = Region(difference);
            Row([
                method.Name,
                WithInterval(region.Mpir, Signed),
                WithInterval(region.HitRate, Signed),
                WithInterval(region.MedianArea, value => Signed(100 * value) + " points"),
                .. difference.FixedAreas.Where(area => IsHeadline(area.Area)).Select(area => WithInterval(area.HitRate, Signed)),
                WithInterval(difference.Pointing, Signed),
                WithInterval(difference.PartPointing, Signed),
                WithInterval(difference.Auc, Signed3),
                WithInterval(region.Overlap, Signed3),
            ]);
        }
    }

    /// <summary>
    /// The scores that the library does not know: of the methods and baselines, and how the methods differ from the first.
    /// </summary>
    private void Further()
    {
        if (_evaluation.FurtherScores.Count == 0)
        {
            return;
        }

        string[] names = [.. _evaluation.FurtherScores.Select(column => column.Name)];
        Table("Further scores, means over the attributes", ["method", .. names]);
        foreach (
            MethodScores method in Compared
                .Concat(Baselines)
                .Where(method => method.Mean.Further.Values.Any(each => !double.IsNaN(each.Value)))
        )
        {
            Row([method.Name, .. names.Select(name => WithInterval(method.Mean.Further[name], Share3))]);
        }

        MethodScores[] others = [.. Compared.Where(method => method.MeanMinusReference is not null)];
        if (others.Length > 0)
        {
            Table($"Further scores, difference from {_evaluation.Reference}, both resampled together", ["method", .. names]);
            foreach (MethodScores method in others)
            {
                Row([method.Name, .. names.Select(name => WithInterval(method.MeanMinusReference!.Further[name], Signed3))]);
            }
        }
    }

    private void Agreements()
    {
        if (_evaluation.Agreements.Count == 0)
        {
            return;
        }

        Table(
            $"Do two scores order the methods alike? Spearman's rank correlation over {_evaluation.Agreements[0].Methods} methods",
            ["score", "with", "correlation"]
        );
        foreach (ScoreAgreement agreement in _evaluation.Agreements)
        {
            Row([agreement.Score, agreement.With, WithInterval(agreement.Spearman, Signed)]);
        }
    }

    private void ChosenThresholds()
    {
        MethodScores[] chosen = [.. Compared.Where(method => method.ChosenThreshold is not null)];
        if (chosen.Length == 0)
        {
            return;
        }

        Table(
            $"At each method's own threshold, chosen on {_evaluation.ThresholdsChosenOn}",
            ["method", "threshold", "mPIR", "hit rate", "median area", "IoU"]
        );
        foreach (MethodScores method in chosen)
        {
            RegionScores region = method.Mean.AtThreshold(method.ChosenThreshold!.Value);
            Row([
                method.Name,
                Number(region.Threshold),
                WithInterval(region.Mpir, Score),
                WithInterval(region.HitRate, Share),
                WithInterval(region.MedianArea, value => Percent(value, 1)),
                WithInterval(region.Overlap, Share3),
            ]);
        }
    }

    private void FixedAreas()
    {
        Table(
            "Hit rate at fixed area, means over the attributes (area attained)",
            ["method", .. _evaluation.FixedAreas.Select(area => Percent(area, 0))]
        );
        foreach (
            MethodScores method in _evaluation.Methods.Where(method =>
                method.Mean.FixedAreas.Any(area => !double.IsNaN(area.HitRate.Value))
            )
        )
        {
            Row([
                method.Name,
                .. method.Mean.FixedAreas.Select(area => $"{WithInterval(area.HitRate, Share)} ({Percent(area.AttainedArea.Value, 2)})"),
            ]);
        }
    }

    private void Sweep()
    {
        Table(
            "mPIR / hit rate / median area over thresholds, means over the attributes",
            ["method", .. _evaluation.Thresholds.Select(Number)]
        );
        foreach (MethodScores method in Compared)
        {
            Row([
                method.Name,
                .. method.Mean.Regions.Select(region =>
                    $"{Score(region.Mpir.Value)} / {Share(region.HitRate.Value)} / {Percent(region.MedianArea.Value, 1)}"
                ),
            ]);
        }
    }

    private void Notes()
    {
        Line("");
        foreach (MethodScores method in Compared.Where(method => method.Attributes.Any(attribute => attribute.ConstantMaps.Value > 0)))
        {
            double maps = method.Attributes.Sum(attribute => attribute.Count > 0 ? attribute.Count * attribute.ConstantMaps.Value : 0);
            Line(
                $"- {method.Name}: {Format(maps, "0")} of {method.Mean.Count} maps are the same everywhere; they have no region and no peak, and are misses."
            );
        }

        foreach (MethodScores baseline in Baselines)
        {
            Line($"- {baseline.Name}: {baseline.Description}.");
        }

        foreach (ScoreColumn column in _evaluation.FurtherScores.Where(column => column.Description.Length > 0))
        {
            Line($"- {column.Name}: {column.Description}.");
        }

        Line(
            "- mPIR: 1 / area for a region with a visible key point, else 0. Hit at a share: the cells of largest value until they cover that share of the frame. Pointing: a key point, or a pixel of the part, in the cell of the map's maximum. AUC: the key point's percentile rank. IoU: with the part's mask, in pixels. Swapped: the map of another part."
        );
    }

    private RegionScores Region(AttributeScores attribute) => attribute.AtThreshold(_evaluation.RegionThreshold);

    private void Table(string title, IReadOnlyList<string> headings)
    {
        Line("");
        Line($"**{title}**");
        Line("");
        Row(headings);
        Line($"|---|{string.Concat(headings.Skip(1).Select(_ => "---:|"))}");
    }

    private void Row(IEnumerable<string> cells) =>
        Line($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");

    /// <summary>Names and descriptions are the user's; a line break in one would end a table.</summary>
    private void Line(string line) => _text.Append(line.ReplaceLineEndings(" ")).Append('\n');

    private static bool IsHeadline(double area) =>
        area is MethodEvaluationOptions.Defaults.SmallArea or MethodEvaluationOptions.Defaults.LargeArea;

    private static string Counts(IEnumerable<int> counts)
    {
        int[] all = [.. counts.Distinct().Order()];
        return all.Length == 1 ? $"{all[0]}" : $"{all[0]} to {all[^1]}";
    }

    private static string WithInterval(Estimate estimate, Func<double, string> format) =>
        double.IsNaN(estimate.Value) ? "" : $"{format(estimate.Value)} [{format(estimate.Low)}, {format(estimate.High)}]";

    private static string Score(double value) => Format(value, "0.00");

    private static string Share(double value) => Format(value, "0.00");

    private static string Signed(double value) => Format(value, "+0.00;-0.00;0.00");

    private static string Signed3(double value) => Format(value, "+0.000;-0.000;0.000");

    private static string Share3(double value) => Format(value, "0.000");

    private static string Percent(double value, int digits)
    {
        // No digits: as many as it takes, none for whole numbers.
        string format = digits == 0 ? "0.#" : "0." + new string('0', digits);
        return double.IsNaN(value) ? "" : (100 * value).ToString(format, CultureInfo.InvariantCulture) + " %";
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Format(double value, string format) =>
        double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
