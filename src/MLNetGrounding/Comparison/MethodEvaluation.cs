using System.Text.Json;
using MLNetGrounding.Comparison;

namespace MLNetGrounding;

/// <summary>Methods and baselines on equal terms: attributes by methods by scores, with intervals.</summary>
public sealed record MethodEvaluation
{
    /// <summary>The rows that were evaluated, in words.</summary>
    public required string Rows { get; init; }

    /// <summary>
    /// What the evaluation is of, in words: lines of a name and a text, such as model, data, command and date. Default: nothing.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Origin { get; init; } = [];

    /// <summary>The number of images that were read.</summary>
    public required int ImageCount { get; init; }

    /// <summary>The number of those that could not be computed, a broken file for example; they are in no score.</summary>
    public required int FailedImageCount { get; init; }

    /// <summary>The attributes: the queries' names, in order.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>The headline's threshold.</summary>
    public required double RegionThreshold { get; init; }

    /// <summary>All thresholds, in order.</summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>The fixed areas, shares of the frame.</summary>
    public required IReadOnlyList<double> FixedAreas { get; init; }

    /// <summary>The numbers of the further scores, in order; empty where none were asked for.</summary>
    public IReadOnlyList<ScoreColumn> FurtherScores { get; init; } = [];

    /// <summary>
    /// The rows that the methods' own thresholds were chosen on, in words; <see langword="null"/> where none were chosen.
    /// </summary>
    public required string? ThresholdsChosenOn { get; init; }

    /// <summary>The rows that the mean part positions were learned on, in words; <see langword="null"/> without that baseline.</summary>
    public required string? PartPositionsLearnedOn { get; init; }

    /// <summary>The number of resamplings of the images behind each interval.</summary>
    public required int BootstrapReplicates { get; init; }

    /// <summary>The share of resamplings inside an interval.</summary>
    public required double Confidence { get; init; }

    /// <summary>The seed of resamplings and chance.</summary>
    public required int Seed { get; init; }

    /// <summary>The methods, then what they are compared with.</summary>
    public required IReadOnlyList<MethodScores> Methods { get; init; }

    /// <summary>
    /// Whether the methods that locate best are also those that answers rest on most; empty where that was not measured.
    /// </summary>
    public IReadOnlyList<ScoreAgreement> Agreements { get; init; } = [];

    /// <summary>The name of the first method, from which differences are taken.</summary>
    public string Reference => Methods[0].Name;

    /// <summary>The scores of one method or baseline.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public MethodScores this[string name] =>
        Methods.FirstOrDefault(method => method.Name == name)
        ?? throw new KeyNotFoundException(
            $"Nothing named '{name}' was evaluated, only: {string.Join(", ", Methods.Select(method => method.Name))}."
        );

    /// <summary>
    /// For each method the evaluated threshold that does best on these rows, by the mean over the attributes: the one of largest overlap
    /// with the parts' masks or, where there are none, of largest hit rate less median area, which one lucky cell cannot win as it can
    /// mPIR. Use it on rows that the reported scores do not come from.
    /// </summary>
    /// <returns>A threshold for each name of a method; the smallest of equally good ones.</returns>
    public IReadOnlyDictionary<string, double> ChooseThresholds() =>
        Methods
            .Where(method => method.Kind == MethodKind.Method && method.Mean.Count > 0)
            .ToDictionary(method => method.Name, method => method.Mean.Regions.MaxBy(Goodness)!.Threshold, StringComparer.Ordinal);

    /// <summary>
    /// The evaluation as Markdown: what it is of, the table in the paper's form, the scores beside it that keep it honest, sweeps and notes.
    /// The largest value of a column is bold; tables are at most 120 characters wide and go on below where they would be wider.
    /// </summary>
    /// <returns>The text, lines ended by a line feed.</returns>
    public string ToMarkdown() => MarkdownTables.Write(EvaluationTables.DocumentOf(this));

    /// <summary>The same tables as LaTeX, for the package <c>booktabs</c>; what they are of stands in comments.</summary>
    /// <returns>The text, lines ended by a line feed.</returns>
    public string ToLatex() => LatexTables.Write(EvaluationTables.DocumentOf(this));

    /// <summary>
    /// The evaluation as CSV: one line for each method, attribute and score, with its interval; the means are attribute "mean".
    /// </summary>
    /// <returns>The text, lines ended by a line feed.</returns>
    public string ToCsv() => MethodEvaluationCsv.Write(this);

    /// <summary>The evaluation as JSON; scores that do not exist are <see langword="null"/>.</summary>
    /// <returns>The text.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The evaluation.</returns>
    /// <exception cref="JsonException">The text is not an evaluation.</exception>
    public static MethodEvaluation FromJson(string json) =>
        JsonSerializer.Deserialize<MethodEvaluation>(json, EvaluationJson.Options)
        ?? throw new JsonException("The text is 'null', not an evaluation.");

    /// <summary>Equally good thresholds differ by rounding, which must not choose between them.</summary>
    private static double Goodness(RegionScores region) =>
        Math.Round(double.IsNaN(region.Overlap.Value) ? region.HitRate.Value - region.MedianArea.Value : region.Overlap.Value, 9);
}
