using System.Text.Json;

namespace MLNetGrounding.Examples;

/// <summary>What a file was made from, in a file beside it: a later run that goes on with it can tell whether it asks for the same.</summary>
internal static class RunRecord
{
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

    /// <summary>What differs, in words; empty where nothing does.</summary>
    public static string Differences(IReadOnlyDictionary<string, string> earlier, IReadOnlyDictionary<string, string> now) => string.Join(
        "; ",
        earlier.Keys.Union(now.Keys)
            .Where(key => earlier.GetValueOrDefault(key) != now.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal)
            .Select(key => $"{key} was '{earlier.GetValueOrDefault(key, "not set")}' and is '{now.GetValueOrDefault(key, "not set")}'"));
}
