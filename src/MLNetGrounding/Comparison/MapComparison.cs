using System.Text.Json;
using MLNetGrounding.Comparison;

namespace MLNetGrounding;

/// <summary>Methods side by side on images without annotations: how large their regions are, and how much they agree.</summary>
public sealed record MapComparison
{
    /// <summary>The rows that were read, in words.</summary>
    public required string Rows { get; init; }

    /// <summary>What the comparison is of, in words: names and texts. Default: nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Origin { get; init; } = [];

    /// <summary>The number of images that were read.</summary>
    public required int ImageCount { get; init; }

    /// <summary>The number of those that could not be computed.</summary>
    public required int FailedImageCount { get; init; }

    /// <summary>The queries' names, in order.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The regions' threshold.</summary>
    public required double RegionThreshold { get; init; }

    /// <summary>The share of the frame that methods are compared at.</summary>
    public required double Area { get; init; }

    /// <summary>The number of resamplings of the images behind each interval.</summary>
    public required int BootstrapReplicates { get; init; }

    /// <summary>The share of resamplings inside an interval.</summary>
    public required double Confidence { get; init; }

    /// <summary>The seed of the resamplings.</summary>
    public required int Seed { get; init; }

    /// <summary>The methods.</summary>
    public required IReadOnlyList<MethodAreas> Methods { get; init; }

    /// <summary>Every two of the methods.</summary>
    public required IReadOnlyList<MethodAgreement> Agreements { get; init; }

    /// <summary>The comparison as Markdown, tables at most 120 characters wide.</summary>
    /// <returns>The text, lines ended by a line feed.</returns>
    public string ToMarkdown() => MarkdownTables.Write(MapComparisonTables.DocumentOf(this));

    /// <summary>The same tables as LaTeX, for the package <c>booktabs</c>.</summary>
    /// <returns>The text, lines ended by a line feed.</returns>
    public string ToLatex() => LatexTables.Write(MapComparisonTables.DocumentOf(this));

    /// <summary>The comparison as CSV: one line for each number, with its interval.</summary>
    /// <returns>The text, lines ended by a line feed.</returns>
    public string ToCsv() => MapComparisonCsv.Write(this);

    /// <summary>The comparison as JSON; what does not exist is <see langword="null"/>.</summary>
    /// <returns>The text.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="JsonException">The text is not a comparison.</exception>
    public static MapComparison FromJson(string json) =>
        JsonSerializer.Deserialize<MapComparison>(json, EvaluationJson.Options)
        ?? throw new JsonException("The text is 'null', not a comparison.");
}
