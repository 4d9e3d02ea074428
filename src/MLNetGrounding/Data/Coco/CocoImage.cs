using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Data.Coco;

/// <summary>An image of a COCO file.</summary>
internal sealed record CocoImage
{
    [JsonPropertyName("id")]
    public JsonElement Id { get; init; }

    [JsonPropertyName("file_name")]
    public JsonElement FileName { get; init; }
}
