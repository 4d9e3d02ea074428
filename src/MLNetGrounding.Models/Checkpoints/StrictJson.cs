using System.Text.Json;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Reads JSON of which every name and text can be read, no object lists a key twice, and every number is finite.</summary>
/// <remarks>
/// The parser itself leaves names and texts for later, where a byte that is no UTF-8 or half a surrogate pair ends in an
/// <see cref="InvalidOperationException"/>, and takes the last of two equal keys. Nesting is limited to its default, 64.
/// </remarks>
internal static class StrictJson
{
    /// <summary>Parses a file's content.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="content">UTF-8.</param>
    /// <param name="what">What of the file it is, where it is not all of it.</param>
    /// <exception cref="CheckpointException">It is no such JSON; where a setting is at fault, its name is said.</exception>
    public static JsonDocument Parse(string path, ReadOnlyMemory<byte> content, string? what = null)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(CheckpointFile.WithoutByteOrderMark(content));
        }
        catch (JsonException exception)
        {
            throw new CheckpointException(
                path,
                $"{(what is null ? "" : what + " is ")}not valid JSON: {exception.Message}",
                innerException: exception
            );
        }

        try
        {
            Check(path, "", document.RootElement);
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>The name of a setting within an object: <c>outer.inner</c>.</summary>
    public static string Name(string outer, string inner) =>
        outer.Length == 0 ? inner
        : inner.Length == 0 ? outer
        : $"{outer}.{inner}";

    /// <summary>A value as the file writes it, shortened to what an error has room for.</summary>
    public static string Shown(JsonElement value)
    {
        const int longest = 100;
        string text = value.GetRawText();
        return text.Length <= longest ? text : text[..longest] + "...";
    }

    private static void Check(string path, string name, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                HashSet<string> keys = new(StringComparer.Ordinal);
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    string inner = Name(name, NameOf(path, name, property));
                    if (!keys.Add(property.Name))
                    {
                        throw CheckpointException.OfSetting(path, inner, "listed twice");
                    }

                    Check(path, inner, property.Value);
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    // The names of an array's items are made for errors only: a tokenizer has several 100,000 of them.
                    if (item.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    {
                        Check(path, $"{name}[{index}]", item);
                    }
                    else if (Problem(item) is { } problem)
                    {
                        throw CheckpointException.OfSetting(path, $"{name}[{index}]", problem);
                    }

                    index++;
                }

                break;
            default:
                if (Problem(element) is { } wrong)
                {
                    throw CheckpointException.OfSetting(path, name, wrong);
                }

                break;
        }
    }

    private static string NameOf(string path, string outer, JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw CheckpointException.OfSetting(
                path,
                Name(outer, "?"),
                "a name holds bytes that are no UTF-8, or half of a surrogate pair",
                exception
            );
        }
    }

    private static string? Problem(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String when value.GetString() is null => "a text was expected",
                JsonValueKind.Number when !value.TryGetDouble(out double number) || !double.IsFinite(number) =>
                    $"a number that can be held was expected, found {Shown(value)}",
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return "the text holds bytes that are no UTF-8, or half of a surrogate pair";
        }
    }
}
