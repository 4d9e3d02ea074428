using System.Text.Json;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>One object of a JSON settings file; whatever is wrong with a value ends in an error that names file, key and expectation.</summary>
internal sealed class JsonSettings
{
    private readonly string _path;
    private readonly string _prefix;
    private readonly JsonElement _element;

    private JsonSettings(string path, string prefix, JsonElement element)
    {
        _path = path;
        _prefix = prefix;
        _element = element;
    }

    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSettings Open(string path, string missing = "a checkpoint folder in Hugging Face's layout was expected.")
    {
        if (!File.Exists(path))
        {
            throw new CheckpointException(path, $"the file does not exist; {missing}");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonSettings(path, "", document.RootElement.Clone())
                : throw new CheckpointException(path, $"a JSON object was expected, found {Kind(document.RootElement)}.");
        }
        catch (JsonException exception)
        {
            throw new CheckpointException(path, $"not valid JSON: {exception.Message}", innerException: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(path, exception);
        }
    }

    public IEnumerable<string> Keys => _element.EnumerateObject().Select(property => property.Name);

    public JsonSettings Section(string key) => TrySection(key) ?? throw Wrong(key, "an object was expected, found nothing");

    public JsonSettings? TrySection(string key) =>
        TryGet(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new JsonSettings(_path, _prefix + key + ".", value)
        : throw Wrong(key, $"an object was expected, found {Kind(value)}");

    public int Integer(string key, int otherwise) =>
        TryGet(key) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Wrong(key, $"a whole number was expected, found {Kind(value)}");

    public int Positive(string key, int otherwise) =>
        Integer(key, otherwise) is > 0 and var number ? number : throw Wrong(key, $"a positive number was expected, found {TryGet(key)}");

    public double Number(string key, double otherwise) => TryNumber(key) ?? otherwise;

    public double? TryNumber(string key) =>
        TryGet(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw Wrong(key, $"a number was expected, found {Kind(value)}");

    public bool Flag(string key, bool otherwise) =>
        TryGet(key) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(key, $"true or false was expected, found {Kind(value)}");

    public IReadOnlyList<double>? TryNumbers(string key, int count) =>
        TryGet(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == count && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. value.EnumerateArray().Select(item => item.GetDouble())]
            : throw Wrong(key, $"{count} numbers were expected, found {value.GetRawText()}");

    public string? TryText(string key) =>
        TryGet(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(key, $"a text was expected, found {Kind(value)}");

    /// <summary>Refuses a setting that is present with another value than the one implemented.</summary>
    public void Require<T>(string key, T implemented, bool required = false)
    {
        JsonElement? value = TryGet(key);
        if (value is null ? required : !string.Equals(value.ToString(), implemented!.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong(key, $"only {implemented} is implemented, found {(value is { } found ? found.GetRawText() : "nothing")}");
        }
    }

    /// <summary>Refuses a setting that is present at all.</summary>
    public void RequireNull(string key)
    {
        if (TryGet(key) is { } value)
        {
            throw Wrong(key, $"not implemented, found {value.GetRawText()}");
        }
    }

    /// <summary>Refuses settings that nothing reads, for a file whose format is ours: a misspelled one would count as left out.</summary>
    public void RefuseOthers(params string[] known)
    {
        if (Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            throw Wrong(unknown, $"there is no such setting; known are {string.Join(", ", known)}");
        }
    }

    public CheckpointException Wrong(string key, string problem) => new(_path, $"'{_prefix}{key}': {problem}.");

    public JsonElement? TryGet(string key) =>
        _element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Kind(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object ? "an object" : element.ValueKind is JsonValueKind.Array ? "an array" : element.GetRawText();
}
