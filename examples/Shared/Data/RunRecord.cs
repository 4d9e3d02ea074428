using System.Text.Json;

namespace MLNetGrounding.Examples;

/// <summary>
/// What a file was made from, in a file beside it: a later run that goes on with it can tell whether it asks for the same.
/// </summary>
internal static class RunRecord
{
    /// <summary>The setting that says which version of an example made a file; files that say none are of version 1.</summary>
    public const string VersionKey = "version";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The record of a file.</summary>
    public static string PathOf(string file) => file + ".settings.json";

    public static void Write(string file, IReadOnlyDictionary<string, string> settings) =>
        File.WriteAllText(PathOf(file), JsonSerializer.Serialize(settings, Json) + "\n");

    /// <summary>The settings that a file was made with, or null where nothing says so.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public static IReadOnlyDictionary<string, string>? Read(string file)
    {
        string path = PathOf(file);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [];
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is not a record of settings: {exception.Message}", exception);
        }
    }

    /// <summary>Refuses what an example made whose settings meant something else.</summary>
    /// <param name="file">The file, or the folder.</param>
    /// <param name="earlier">What it was made with.</param>
    /// <param name="now">What is asked for, with a version.</param>
    /// <param name="remedy">What to do, in a sentence.</param>
    /// <exception cref="CommandException">The versions differ.</exception>
    public static void RequireVersion(
        string file,
        IReadOnlyDictionary<string, string> earlier,
        IReadOnlyDictionary<string, string> now,
        string remedy
    )
    {
        string written = earlier.GetValueOrDefault(VersionKey, "1");
        if (written != now[VersionKey])
        {
            throw new CommandException(
                $"'{file}' was begun by another version of this command: its settings have version {written}, and this one goes on with version {now[VersionKey]} only. {remedy}"
            );
        }
    }

    /// <summary>The first thing that differs, in words, and how many more do; empty where nothing does.</summary>
    /// <param name="earlier">What it was made with.</param>
    /// <param name="now">What is asked for, the things that matter most first.</param>
    public static string Difference(IReadOnlyDictionary<string, string> earlier, IEnumerable<KeyValuePair<string, string>> now)
    {
        KeyValuePair<string, string>[] ordered = [.. now];
        string[] differing =
        [
            .. ordered
                .Select(pair => pair.Key)
                .Concat(earlier.Keys.Where(key => !Array.Exists(ordered, pair => pair.Key == key)).Order(StringComparer.Ordinal))
                .Where(key => earlier.GetValueOrDefault(key) != Now(key)),
        ];
        return differing.Length == 0
            ? ""
            : $"{differing[0]} was '{earlier.GetValueOrDefault(differing[0], "not set")}' and is '{Now(differing[0]) ?? "not set"}'{(differing.Length > 1 ? $" (and {differing.Length - 1} more)" : "")}";

        string? Now(string key) => Array.Find(ordered, pair => pair.Key == key).Value;
    }

    /// <summary>What differs, in words; empty where nothing does.</summary>
    public static string Differences(IReadOnlyDictionary<string, string> earlier, IReadOnlyDictionary<string, string> now) =>
        string.Join(
            "; ",
            earlier
                .Keys.Union(now.Keys)
                .Where(key => earlier.GetValueOrDefault(key) != now.GetValueOrDefault(key))
                .Order(StringComparer.Ordinal)
                .Select(key => $"{key} was '{earlier.GetValueOrDefault(key, "not set")}' and is '{now.GetValueOrDefault(key, "not set")}'")
        );
}
