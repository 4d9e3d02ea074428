using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Data.Coco;

/// <summary>
/// What is read of a COCO file. Values stay as they are written until they are looked at, so that what is wrong with one is said with the
/// id of its image or annotation; all else, such as segmentations, is passed over.
/// </summary>
internal sealed record CocoFile
{
    [JsonPropertyName("images")]
    public IReadOnlyList<CocoImage?>? Images { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyList<CocoAnnotation?>? Annotations { get; init; }

    [JsonPropertyName("categories")]
    public IReadOnlyList<CocoCategory?>? Categories { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not JSON, or a list is missing.</exception>
    public static CocoFile Read(string path)
    {
        CocoFile? file;
        try
        {
            using FileStream stream = File.OpenRead(path);
            file = JsonSerializer.Deserialize<CocoFile>(stream);
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber is { } line ? $", line {line + 1}" : "";
            throw new InvalidDataException(
                $"'{path}'{place}: no COCO annotations can be read here{(exception.Path is { Length: > 0 } at ? $" ({at})" : "")}: {exception.Message}",
                exception
            );
        }

        string[] missing =
        [
            .. new (string Name, object? List)[]
            {
                ("images", file?.Images),
                ("annotations", file?.Annotations),
                ("categories", file?.Categories),
            }
                .Where(list => list.List is null)
                .Select(list => $"'{list.Name}'"),
        ];
        return file is not null && missing.Length == 0
            ? file
            : throw new InvalidDataException(
                $"'{path}' has no list {string.Join(", ", missing)}; the lists images, annotations and categories of COCO key points were expected."
            );
    }
}
