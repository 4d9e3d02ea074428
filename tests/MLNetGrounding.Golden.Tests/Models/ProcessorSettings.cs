using System.Text.Json;

namespace MLNetGrounding.Golden.Models;

/// <summary>A plain <c>preprocessor_config.json</c> for configurations of real files that come without one.</summary>
internal static class ProcessorSettings
{
    public static string For(JsonElement config) => config.GetProperty("model_type").GetString() switch
    {
        "llava" when config.GetProperty("vision_config").GetProperty("model_type").GetString() == "siglip_vision_model" => Square("SiglipImageProcessor", config),
        _ => "{}",
    };

    private static string Square(string type, JsonElement config)
    {
        int size = config.GetProperty("vision_config").GetProperty("image_size").GetInt32();
        return JsonSerializer.Serialize(new { image_processor_type = type, size = new { height = size, width = size } });
    }
}
