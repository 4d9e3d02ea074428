using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>
/// One object of a JSON settings file; whatever is wrong with a value ends in an error that names file, key and expectation.
/// </summary>
/// <remarks>
/// A key whose value is <c>null</c> counts as left out, as Hugging Face's code has it. The object remembers which keys were asked for, so
/// that <see cref="RefuseUnread"/> can name one that nobody understands. Not for use by several threads at a time.
/// </remarks>
internal sealed class JsonSettings
{
    private const string CheckpointFolderExpected = "a checkpoint folder in Hugging Face's layout was expected.";

    private readonly string _name;
    private readonly JsonElement _element;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<JsonSettings>> _sections = new(StringComparer.Ordinal);

    private JsonSettings(string path, string name, JsonElement element)
    {
        FilePath = path;
        _name = name;
        _element = element;
    }

    public static JsonSerializerOptions Indented { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>The keys in the order of the file.</summary>
    public IEnumerable<string> Keys => _element.EnumerateObject().Select(property => property.Name);

    /// <summary>Opens a file that must be there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="missing">What is said where it is not.</param>
    /// <param name="longest">The most bytes it may have.</param>
    public static JsonSettings Open(string path, string missing = CheckpointFolderExpected, int longest = CheckpointFile.LongestSettings) =>
        Of(path, CheckpointFile.ReadBytes(path, longest, missing));

    /// <summary>Opens a file, or gives <see langword="null"/> where there is none.</summary>
    public static JsonSettings? TryOpen(string path, int longest = CheckpointFile.LongestSettings) =>
        CheckpointFile.Exists(path) ? Open(path, longest: longest) : null;

    /// <summary>Reads a file's content.</summary>
    public static JsonSettings Of(string path, ReadOnlyMemory<byte> content)
    {
        using JsonDocument document = StrictJson.Parse(path, content);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new JsonSettings(path, "", document.RootElement.Clone())
            : throw new CheckpointException(path, $"a JSON object was expected, found {Kind(document.RootElement)}.");
    }

    /// <summary>Whether a key has a value.</summary>
    public bool Has(string key) => TryGet(key) is not null;

    /// <summary>The value of a key as it stands there, or <see langword="null"/>.</summary>
    public JsonElement? TryGet(string key)
    {
        _known.Add(key);
        return _element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public JsonSettings Section(string key) => TrySection(key) ?? throw Expected(key, "an object", null);

    public JsonSettings? TrySection(string key)
    {
        if (TryGet(key) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? Sections(key, [(FullName(key), value)])[0]
            : throw Expected(key, "an object", value);
    }

    /// <summary>An array of objects; empty where the key is left out.</summary>
    public IReadOnlyList<JsonSettings> Sections(string key)
    {
        IEnumerable<JsonElement> items = Items(key) ?? [];
        return Sections(
            key,
            [
                .. items.Select(
                    (item, index) =>
                        (
                            $"{FullName(key)}[{index}]",
                            item.ValueKind == JsonValueKind.Object ? item : throw Expected($"{key}[{index}]", "an object", item)
                        )
                ),
            ]
        );
    }

    /// <summary>A whole number that must be there.</summary>
    public int Int(string key, int least, int most) => TryInt(key, least, most) ?? throw Expected(key, Whole(least, most), null);

    /// <summary>A whole number that may be left out.</summary>
    public int Int(string key, int least, int most, int otherwise) => TryInt(key, least, most) ?? otherwise;

    public int? TryInt(string key, int least, int most) => TryGet(key) is { } value ? Int(key, value, least, most) : null;

    /// <summary>An array of whole numbers.</summary>
    public IReadOnlyList<int>? TryInts(string key, int least, int most) =>
        Items(key) is { } items ? [.. items.Select((item, index) => Int($"{key}[{index}]", item, least, most))] : null;

    /// <summary>One whole number or an array of them.</summary>
    public IReadOnlyList<int>? TryIntOrInts(string key, int least, int most) =>
        TryGet(key) is { ValueKind: JsonValueKind.Number } value ? [Int(key, value, least, most)] : TryInts(key, least, most);

    /// <summary>A finite number.</summary>
    public double Number(string key, double otherwise) => TryNumber(key) ?? otherwise;

    public double? TryNumber(string key) => TryGet(key) is { } value ? Number(key, value, double.MinValue, double.MaxValue) : null;

    /// <summary>A number above 0 that a float32 can hold, such as an epsilon or a rotary base.</summary>
    public double PositiveNumber(string key, double otherwise) => TryPositiveNumber(key) ?? otherwise;

    public double? TryPositiveNumber(string key) => TryGet(key) is { } value ? Number(key, value, float.Epsilon, float.MaxValue) : null;

    /// <summary>An array of finite numbers that a float32 can hold.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="positive">Whether each must be above 0.</param>
    public IReadOnlyList<double>? TryNumbers(string key, int count, bool positive = false)
    {
        if (Items(key) is not { } items)
        {
            return null;
        }

        return items.Count == count
            ? [.. items.Select((item, index) => Number($"{key}[{index}]", item, positive ? float.Epsilon : float.MinValue, float.MaxValue))]
            : throw Expected(key, $"{count} numbers", TryGet(key));
    }

    public bool Flag(string key, bool otherwise) => TryFlag(key) ?? otherwise;

    public bool? TryFlag(string key) =>
        TryGet(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Expected(key, "true or false", value);

    public string Text(string key) => TryText(key) ?? throw Expected(key, "a text", null);

    public string? TryText(string key) => TryGet(key) is { } value ? Text(key, value) : null;

    /// <summary>An array of texts.</summary>
    public IReadOnlyList<string>? TryTexts(string key) =>
        Items(key) is { } items ? [.. items.Select((item, index) => Text($"{key}[{index}]", item))] : null;

    /// <summary>One of some names, which must be there.</summary>
    public T Choice<T>(string key, IReadOnlyList<(string Name, T Value)> choices) =>
        TryGet(key) is { } value ? Choice(key, value, choices) : throw Expected(key, Names(choices), null);

    /// <summary>One of some names, or <paramref name="otherwise"/> where the key is left out.</summary>
    public T Choice<T>(string key, IReadOnlyList<(string Name, T Value)> choices, T otherwise) =>
        TryGet(key) is { } value ? Choice(key, value, choices) : otherwise;

    /// <summary>Refuses a setting that is present with another value than the one implemented.</summary>
    /// <param name="key">The key.</param>
    /// <param name="implemented">A text, a number or a truth value.</param>
    /// <param name="required">Whether it must be there.</param>
    public void Require<T>(string key, T implemented, bool required = false)
        where T : notnull
    {
        JsonElement? value = TryGet(key);
        if (value is { } found ? !IsValue(found, implemented) : required)
        {
            throw Wrong(key, $"only {Shown(implemented)} is implemented, found {Found(value)}");
        }
    }

    /// <summary>Refuses a setting that is present at all.</summary>
    public void RequireNull(string key)
    {
        if (TryGet(key) is { } value)
        {
            throw Wrong(key, $"not implemented, found {StrictJson.Shown(value)}");
        }
    }

    /// <summary>States that keys may be there and that their values change nothing here.</summary>
    public void Ignore(params IEnumerable<string> keys) => _known.UnionWith(keys);

    /// <summary>Refuses a key that nobody asked for, in this object and those in it: what it changes would not be seen.</summary>
    public void RefuseUnread()
    {
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !_known.Contains(property.Name))
            {
                throw Wrong(
                    property.Name,
                    $"not known here, so that what it changes is not known either; found {StrictJson.Shown(property.Value)}"
                );
            }
        }

        foreach (JsonSettings section in _sections.Values.SelectMany(sections => sections))
        {
            section.RefuseUnread();
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

    /// <summary>The error for the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="problem">What was expected and what was found, without a final stop.</param>
    public CheckpointException Wrong(string key, string problem) => CheckpointException.OfSetting(FilePath, FullName(key), problem);

    private static string Kind(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => StrictJson.Shown(element),
        };

    private static string Found(JsonElement? value) => value is { } found ? Kind(found) : "nothing";

    private static string Names<T>(IReadOnlyList<(string Name, T Value)> choices) =>
        choices.Count == 1 ? choices[0].Name : $"one of {string.Join(", ", choices.Select(choice => choice.Name))}";

    private static string Whole(int least, int most) => $"a whole number from {least} to {most}";

    private static bool IsValue<T>(JsonElement found, T implemented) =>
        (implemented, found.ValueKind) switch
        {
            (string text, JsonValueKind.String) => found.GetString() == text,
            (bool flag, JsonValueKind.True or JsonValueKind.False) => found.GetBoolean() == flag,
            (int number, JsonValueKind.Number) => found.GetDouble() == number,
            (double number, JsonValueKind.Number) => found.GetDouble() == number,
            _ => false,
        };

    private static string Shown<T>(T implemented) =>
        implemented is bool flag ? (flag ? "true" : "false") : Convert.ToString(implemented, CultureInfo.InvariantCulture)!;

    private string FullName(string key) => StrictJson.Name(_name, key);

    private IReadOnlyList<JsonSettings> Sections(string key, (string Name, JsonElement Element)[] items)
    {
        if (!_sections.TryGetValue(key, out IReadOnlyList<JsonSettings>? sections))
        {
            sections = [.. items.Select(item => new JsonSettings(FilePath, item.Name, item.Element))];
            _sections.Add(key, sections);
        }

        return sections;
    }

    private List<JsonElement>? Items(string key) =>
        TryGet(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()]
        : throw Expected(key, "an array", value);

    private int Int(string key, JsonElement value, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Expected(key, Whole(least, most), value);

    private double Number(string key, JsonElement value, double least, double most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most
            ? number
            : throw Expected(key, least > 0 ? "a number above 0 that a float32 can hold" : "a finite number", value);

    private string Text(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Expected(key, "a text", value);

    private T Choice<T>(string key, JsonElement value, IReadOnlyList<(string Name, T Value)> choices)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            foreach ((string name, T choice) in choices)
            {
                if (value.ValueEquals(name))
                {
                    return choice;
                }
            }
        }

        throw Expected(key, Names(choices), value);
    }

    private CheckpointException Expected(string key, string what, JsonElement? found) =>
        Wrong(key, $"{what} was expected, found {Found(found)}");
}
