using System.Text.Json;

namespace Table1;

/// <summary>What a table is of, as <c>comparison.json</c> keeps it, so that a report is made of its kept maps.</summary>
internal sealed record ComparisonRecord
{
    public const string FileName = "comparison.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The rows.</summary>
    public required DataSettings Data { get; init; }

    public required string Rows { get; init; }

    public required IReadOnlyList<string> Words { get; init; }

    public string? Object { get; init; }

    /// <summary>The points that the command line states for words.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> KeyPointTable { get; init; }

    public required IReadOnlyList<string> Methods { get; init; }

    public required double Threshold { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Origin { get; init; }

    /// <summary>Whether a folder holds a table.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Reads the record of a folder.</summary>
    /// <exception cref="CommandException">It is damaged.</exception>
    public static ComparisonRecord Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<ComparisonRecord>(File.ReadAllText(path)) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new CommandException($"'{path}' is damaged: {exception.Message}");
        }
    }

    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Json) + "\n");
}
