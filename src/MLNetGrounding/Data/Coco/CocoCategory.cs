using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Data.Coco;

/// <summary>A category of a COCO file, which names the points of its annotations.</summary>
internal sealed record CocoCategory
{
    [JsonPropertyName("id")]
    public JsonElement Id { get; init; }

    [JsonPropertyName("name")]
    public JsonElement Name { get; init; }

    [JsonPropertyName("keypoints")]
    public JsonElement KeyPoints { get; init; }
}
