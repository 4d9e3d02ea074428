using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetGrounding.Golden.Models;

/// <summary>
/// The <c>preprocessor_config.json</c> of real files, or for configurations that come without one a plain one that agrees with them.
/// </summary>
internal static class ProcessorSettings
{
    private static readonly string[] Sections = ["preprocessor_config", "processor_config"];

    // Of the vision tower, and as the processor has them.
    private static readonly (string Tower, string Processor)[] Patches =
    [
        ("patch_size", "patch_size"),
        ("spatial_merge_size", "merge_size"),
        ("temporal_patch_size", "temporal_patch_size"),
    ];

    public static string For(JsonElement file)
    {
        JsonElement[] stated = [.. Sections.Select(name => file.TryGetProperty(name, out JsonElement value) ? value : default)];
        return stated[0].ValueKind == JsonValueKind.Object ? stated[0].GetRawText()
            : stated[1].ValueKind == JsonValueKind.Object && stated[1].TryGetProperty("image_processor", out JsonElement images)
                ? images.GetRawText()
            : Plain(file.GetProperty("config")).ToJsonString();
    }

    private static JsonObject Plain(JsonElement config)
    {
        JsonElement vision = config.GetProperty("vision_config");
        JsonNode? side = vision.TryGetProperty("image_size", out JsonElement size) ? JsonNode.Parse(size.GetRawText()) : null;
        switch (config.GetProperty("model_type").GetString())
        {
            case "llava" when vision.GetProperty("model_type").GetString() == "siglip_vision_model":
                return new JsonObject
                {
                    ["image_processor_type"] = "SiglipImageProcessor",
                    ["size"] = new JsonObject { ["height"] = side!.DeepClone(), ["width"] = side },
                };
            case "smolvlm" or "idefics3" when side is not null:
                return new JsonObject { ["max_image_size"] = new JsonObject { ["longest_edge"] = side } };
            default:
                JsonObject patches = [];
                foreach ((string tower, string processor) in Patches)
                {
                    if (vision.TryGetProperty(tower, out JsonElement value) && value.ValueKind == JsonValueKind.Number)
                    {
                        patches[processor] = value.GetInt32();
                    }
                }

                return patches;
        }
    }
}
