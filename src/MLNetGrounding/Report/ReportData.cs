using System.Text.Json.Serialization;

namespace MLNetGrounding.Report;

/// <summary>What the report's script reads: written as JSON, by these names in camel case.</summary>
internal sealed record ReportData
{
    public required string Title { get; init; }

    public required string Description { get; init; }

    public required double Threshold { get; init; }

    public required double Confidence { get; init; }

    public required int GridHeight { get; init; }

    public required int GridWidth { get; init; }

    /// <summary>The smallest byte of a map that lies in the region, see <see cref="MapBytes.RegionByte"/>.</summary>
    public required byte RegionByte { get; init; }

    /// <summary>The share of the frame that maps get at equal area.</summary>
    public required double EqualArea { get; init; }

    /// <summary>
    /// The hit rate at equal area of maps whose cells are in random order, for each query and then over all; <see langword="null"/> where
    /// nothing is scored.
    /// </summary>
    public required IReadOnlyList<double?> EqualAreaChance { get; init; }

    /// <summary>Every head over all images; <see langword="null"/> where no image came with its layers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required ReportHeads? Heads { get; init; }

    /// <summary>Red, green and blue of each byte of a map.</summary>
    public required byte[] Colors { get; init; }

    public required string PictureType { get; init; }

    public required IReadOnlyList<string> Queries { get; init; }

    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>For each query the key points that count for it.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Points { get; init; }

    /// <summary>In words, what each bit of a head's verdict means.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required int Total { get; init; }

    public required int Failed { get; init; }

    /// <summary>How many maps of all methods are the same everywhere.</summary>
    public required int ConstantMaps { get; init; }

    /// <summary>For each method how many maps of all images are largest outside the image.</summary>
    public required IReadOnlyList<int> PeaksOutside { get; init; }

    /// <summary>The scores that the library does not know, by name and description.</summary>
    public required IReadOnlyList<ScoreColumn> FurtherScores { get; init; }

    public required IEnumerable<ReportMethod> Scores { get; init; }

    public required IEnumerable<ReportMethod> Baselines { get; init; }

    /// <summary>Written one by one: they hold pixels.</summary>
    public required IEnumerable<ReportPicture> Images { get; init; }
}
