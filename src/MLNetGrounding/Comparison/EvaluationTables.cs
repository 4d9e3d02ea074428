using System.Globalization;

namespace MLNetGrounding.Comparison;

/// <summary>The tables of an evaluation, and the notes below them.</summary>
internal sealed class EvaluationTables
{
    private readonly MethodEvaluation _evaluation;

    private EvaluationTables(MethodEvaluation evaluation) => _evaluation = evaluation;

    private IEnumerable<MethodScores> Compared => _evaluation.Methods.Where(method => method.Kind == MethodKind.Method);

    private IEnumerable<MethodScores> Baselines => _evaluation.Methods.Where(method => method.Kind == MethodKind.Baseline);

    private string AtThreshold => $"threshold {Number(_evaluation.RegionThreshold)}";

    private string[] HeadlineAreas => [.. _evaluation.FixedAreas.Where(IsHeadline).Select(area => $"hit at {Percent(area, 0)}")];

    /// <summary>The tables with all that belongs to them.</summary>
    public static TableDocument DocumentOf(MethodEvaluation evaluation) =>
        new("Grounding methods compared", evaluation.Origin, Introduction(evaluation), Of(evaluation), Notes(evaluation));

    /// <summary>What stands before the tables, a line each.</summary>
    private static IEnumerable<string> Introduction(MethodEvaluation evaluation)
    {
        string failed =
            evaluation.FailedImageCount > 0 ? $" {evaluation.FailedImageCount} of them could not be computed and are in no score." : "";
        yield return $"{evaluation.ImageCount} images: {evaluation.Rows}.{failed}";
        yield return $"In brackets: {Percent(evaluation.Confidence, 0)} intervals from {evaluation.BootstrapReplicates} resamplings of the images (percentiles, seed {evaluation.Seed}). Means are over the attributes, each counting the same. Bold: the largest of a column.";
    }

    /// <summary>The tables that have rows, in order.</summary>
    private static IEnumerable<EvaluationTable> Of(MethodEvaluation evaluation) =>
        new EvaluationTables(evaluation).All().Where(table => table.Rows.Count > 0);

    /// <summary>What the names and scores mean, a line each.</summary>
    private static IEnumerable<string> Notes(MethodEvaluation evaluation)
    {
        EvaluationTables tables = new(evaluation);
        foreach (
            MethodScores method in tables.Compared.Where(method => method.Attributes.Any(attribute => attribute.ConstantMaps.Value > 0))
        )
        {
            double maps = method.Attributes.Sum(attribute => attribute.Count > 0 ? attribute.Count * attribute.ConstantMaps.Value : 0);
            yield return $"{method.Name}: {Format(maps, "0")} of {method.Mean.Count} maps are the same everywhere; they have no region and no peak, and are misses.";
        }

        foreach (MethodScores baseline in tables.Baselines)
        {
            yield return $"{baseline.Name}: {baseline.Description}.";
        }

        foreach (ScoreColumn column in evaluation.FurtherScores.Where(column => column.Description.Length > 0))
        {
            yield return $"{column.Name}: {column.Description}.";
        }

        yield return "mPIR: 1 / area for a region with a visible key point, else 0. Hit at a share: the cells of largest value until they cover that share of the frame. Pointing: a key point, or a pixel of the part, in the cell of the map's maximum. AUC: the key point's percentile rank. Mass in box, on object: the map's mass in the object's box, on its mask. IoU: with the part's mask, in pixels. Swapped: the map of another part.";
    }

    private IEnumerable<EvaluationTable> All()
    {
        yield return PerAttribute($"mPIR at {AtThreshold}", Compared, attribute => WithInterval(Region(attribute).Mpir, Score));
        yield return Headline();
        yield return Differences();
        yield return Further();
        yield return FurtherDifferences();
        yield return Agreements();
        yield return ChosenThresholds();
        if (_evaluation.FixedAreas.ToList().IndexOf(MethodEvaluationOptions.Defaults.SmallArea) is >= 0 and int fivePercent)
        {
            yield return PerAttribute(
                "Hit rate of the cells of largest value that cover 5 % of the frame",
                _evaluation.Methods.Where(method =>
                    method.Kind != MethodKind.SwappedQuery && !double.IsNaN(method.Mean.FixedAreas[fivePercent].HitRate.Value)
                ),
                attribute => WithInterval(attribute.FixedAreas[fivePercent].HitRate, Share)
            );
        }

        yield return PerAttribute(
            $"mPIR of baselines at {AtThreshold}",
            Baselines,
            attribute => WithInterval(Region(attribute).Mpir, Score)
        );
        yield return FixedAreas();
        yield return Sweep();
        yield return PerAttribute($"Hit rate at {AtThreshold}", Compared, attribute => Plain(Region(attribute).HitRate.Value, Share));
        yield return PerAttribute("Pointing at the key point", Compared, attribute => Plain(attribute.Pointing.Value, Share));
        if (Compared.Any(method => !double.IsNaN(method.Mean.PartPointing.Value)))
        {
            yield return PerAttribute("Pointing at the part", Compared, attribute => Plain(attribute.PartPointing.Value, Share));
        }
    }

    private EvaluationTable PerAttribute(string title, IEnumerable<MethodScores> methods, Func<AttributeScores, EvaluationCell> score)
    {
        MethodScores[] rows = [.. methods];
        if (rows.Length == 0)
        {
            return EvaluationTable.Of(title, ["method"], []);
        }

        // Methods may fail on different images; the first stands for all unless they differ.
        EvaluationCell[] counts =
        [
            "n",
            .. Enumerable
                .Range(0, _evaluation.Attributes.Count)
                .Select(index => (EvaluationCell)Counts(rows.Select(method => method.Attributes[index].Count))),
            "",
        ];
        return EvaluationTable.Of(
            title,
            ["method", .. _evaluation.Attributes, "mean"],
            [counts, .. rows.Select(method => (EvaluationCell[])[method.Name, .. method.Attributes.Select(score), score(method.Mean)])]
        );
    }

    private EvaluationTable Headline() =>
        EvaluationTable.Of(
            $"All scores, means over the attributes, {AtThreshold}",
            [
                "method",
                "mPIR",
                "swapped mPIR",
                "hit rate",
                "median area",
                .. HeadlineAreas,
                "pointing",
                "pointing, part",
                "AUC",
                "mass in box",
                "mass on object",
                "IoU",
            ],
            [.. Compared.Select(method => HeadlineRow(method, isCompared: true)), .. Baselines.Select(each => HeadlineRow(each, false))]
        );

    /// <summary>A row of the headline's table; baselines are not compared for the best.</summary>
    private EvaluationCell[] HeadlineRow(MethodScores method, bool isCompared)
    {
        RegionScores region = Region(method.Mean);
        MethodScores? swapped = _evaluation.Methods.FirstOrDefault(other => other.MapsOf == method.Name);
        EvaluationCell[] cells =
        [
            method.Name,
            WithInterval(region.Mpir, Score),
            swapped is null ? "" : WithInterval(Region(swapped.Mean).Mpir, Score) with { Value = double.NaN },
            WithInterval(region.HitRate, Share),
            WithInterval(region.MedianArea, value => Percent(value, 1)) with
            {
                Value = double.NaN,
            },
            .. method.Mean.FixedAreas.Where(area => IsHeadline(area.Area)).Select(area => WithInterval(area.HitRate, Share)),
            WithInterval(method.Mean.Pointing, Share),
            WithInterval(method.Mean.PartPointing, Share),
            WithInterval(method.Mean.Auc, Share3),
            WithInterval(method.Mean.MassInBox, Share),
            WithInterval(method.Mean.MassInObject, Share),
            WithInterval(region.Overlap, Share3),
        ];
        return isCompared ? cells : Array.ConvertAll(cells, cell => cell with { Value = double.NaN });
    }

    private EvaluationTable Differences() =>
        EvaluationTable.Of(
            $"Difference from {_evaluation.Reference}, both resampled together, {AtThreshold}",
            ["method", "mPIR", "hit rate", "median area", .. HeadlineAreas, "pointing", "pointing, part", "AUC", "IoU"],
            [
                .. Compared
                    .Where(method => method.MeanMinusReference is not null)
                    .Select(method =>
                    {
                        AttributeScores difference = method.MeanMinusReference!;
                        RegionScores region = Region(difference);
                        return (EvaluationCell[])
                            [
                                method.Name,
                                Difference(region.Mpir, Signed),
                                Difference(region.HitRate, Signed),
                                Difference(region.MedianArea, value => Signed(100 * value) + " points"),
                                .. difference
                                    .FixedAreas.Where(area => IsHeadline(area.Area))
                                    .Select(area => Difference(area.HitRate, Signed)),
                                Difference(difference.Pointing, Signed),
                                Difference(difference.PartPointing, Signed),
                                Difference(difference.Auc, Signed3),
                                Difference(region.Overlap, Signed3),
                            ];
                    }),
            ]
        );

    /// <summary>The scores that the library does not know, of the methods and baselines.</summary>
    private EvaluationTable Further()
    {
        string[] names = [.. _evaluation.FurtherScores.Select(column => column.Name)];
        return EvaluationTable.Of(
            "Further scores, means over the attributes",
            ["method", .. names],
            [
                .. Compared
                    .Concat(Baselines)
                    .Where(method => method.Mean.Further.Values.Any(each => !double.IsNaN(each.Value)))
                    .Select(method =>
                        // Whether more is better is not known of them.
                        (EvaluationCell[])[method.Name, .. names.Select(name => Difference(method.Mean.Further[name], Share3))]
                    ),
            ]
        );
    }

    private EvaluationTable FurtherDifferences()
    {
        string[] names = [.. _evaluation.FurtherScores.Select(column => column.Name)];
        return EvaluationTable.Of(
            $"Further scores, difference from {_evaluation.Reference}, both resampled together",
            ["method", .. names],
            [
                .. names.Length == 0
                    ? (IEnumerable<EvaluationCell[]>)[]
                    : Compared
                        .Where(method => method.MeanMinusReference is not null)
                        .Select(method =>
                            (EvaluationCell[])
                                [method.Name, .. names.Select(name => Difference(method.MeanMinusReference!.Further[name], Signed3))]
                        ),
            ]
        );
    }

    private EvaluationTable Agreements() =>
        EvaluationTable.Of(
            _evaluation.Agreements.Count == 0
                ? ""
                : $"Do two scores order the methods alike? Spearman's rank correlation over {_evaluation.Agreements[0].Methods} methods",
            ["score", "with", "correlation"],
            [
                .. _evaluation.Agreements.Select(agreement =>
                    (EvaluationCell[])[agreement.Score, agreement.With, Difference(agreement.Spearman, Signed)]
                ),
            ]
        );

    private EvaluationTable ChosenThresholds() =>
        EvaluationTable.Of(
            $"At each method's own threshold, chosen on {_evaluation.ThresholdsChosenOn}",
            ["method", "threshold", "mPIR", "hit rate", "median area", "IoU"],
            [
                .. Compared
                    .Where(method => method.ChosenThreshold is not null)
                    .Select(method =>
                    {
                        RegionScores region = method.Mean.AtThreshold(method.ChosenThreshold!.Value);
                        return (EvaluationCell[])
                            [
                                method.Name,
                                Number(region.Threshold),
                                WithInterval(region.Mpir, Score),
                                WithInterval(region.HitRate, Share),
                                Difference(region.MedianArea, value => Percent(value, 1)),
                                WithInterval(region.Overlap, Share3),
                            ];
                    }),
            ]
        );

    private EvaluationTable FixedAreas() =>
        EvaluationTable.Of(
            "Hit rate at fixed area, means over the attributes (area attained)",
            ["method", .. _evaluation.FixedAreas.Select(area => Percent(area, 0))],
            [
                .. _evaluation
                    .Methods.Where(method => method.Mean.FixedAreas.Any(area => !double.IsNaN(area.HitRate.Value)))
                    .Select(method =>
                        (EvaluationCell[])
                            [
                                method.Name,
                                .. method.Mean.FixedAreas.Select(area =>
                                    WithInterval(area.HitRate, Share) is var cell && method.Kind == MethodKind.Method
                                        ? cell with
                                        {
                                            Rest = $"{cell.Rest} ({Percent(area.AttainedArea.Value, 2)})",
                                        }
                                        : cell with
                                        {
                                            Rest = $"{cell.Rest} ({Percent(area.AttainedArea.Value, 2)})",
                                            Value = double.NaN,
                                        }
                                ),
                            ]
                    ),
            ]
        );

    private EvaluationTable Sweep() =>
        EvaluationTable.Of(
            "mPIR / hit rate / median area over thresholds, means over the attributes",
            ["method", .. _evaluation.Thresholds.Select(Number)],
            [
                .. Compared.Select(method =>
                    (EvaluationCell[])
                        [
                            method.Name,
                            .. method.Mean.Regions.Select(region =>
                                (EvaluationCell)
                                    $"{Score(region.Mpir.Value)} / {Share(region.HitRate.Value)} / {Percent(region.MedianArea.Value, 1)}"
                            ),
                        ]
                ),
            ]
        );

    private RegionScores Region(AttributeScores attribute) => attribute.AtThreshold(_evaluation.RegionThreshold);

    private static bool IsHeadline(double area) =>
        area is MethodEvaluationOptions.Defaults.SmallArea or MethodEvaluationOptions.Defaults.LargeArea;

    private static string Counts(IEnumerable<int> counts)
    {
        int[] all = [.. counts.Distinct().Order()];
        return all.Length == 1 ? $"{all[0]}" : $"{all[0]} to {all[^1]}";
    }

    private static EvaluationCell Plain(double value, Func<double, string> format) => new(format(value), "", value);

    private static EvaluationCell WithInterval(Estimate estimate, Func<double, string> format) =>
        double.IsNaN(estimate.Value)
            ? ""
            : new EvaluationCell(format(estimate.Value), $"[{format(estimate.Low)}, {format(estimate.High)}]", estimate.Value);

    /// <summary>A number with its interval of which the largest is not the best.</summary>
    private static EvaluationCell Difference(Estimate estimate, Func<double, string> format) =>
        WithInterval(estimate, format) with
        {
            Value = double.NaN,
        };

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
