using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Data.Coco;

/// <summary>An annotation of a COCO file.</summary>
internal sealed record CocoAnnotation
{
    [JsonPropertyName("id")]
    public JsonElement Id { get; init; }

    [JsonPropertyName("image_id")]
    public JsonElement ImageId { get; init; }

    [JsonPropertyName("category_id")]
    public JsonElement CategoryId { get; init; }

    [JsonPropertyName("keypoints")]
    public JsonElement KeyPoints { get; init; }

    [JsonPropertyName("bbox")]
    public JsonElement Box { get; init; }

    [JsonPropertyName("area")]
    public JsonElement Area { get; init; }

    [JsonPropertyName("iscrowd")]
    public JsonElement IsCrowd { get; init; }
}
