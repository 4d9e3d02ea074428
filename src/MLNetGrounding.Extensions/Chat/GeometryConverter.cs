using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Extensions.Chat;

/// <summary>A geometry as the numbers of its vector.</summary>
internal sealed class GeometryConverter : JsonConverter<ImageGeometry>
{
    public override ImageGeometry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        float[]? numbers = JsonSerializer.Deserialize<float[]>(ref reader);
        return numbers?.Length == ImageGeometry.Length
            ? ImageGeometry.FromVector(numbers)
            : throw new JsonException($"A geometry of {ImageGeometry.Length} numbers was expected, found {numbers?.Length ?? 0}.");
    }

    public override void Write(Utf8JsonWriter writer, ImageGeometry value, JsonSerializerOptions options)
    {
        float[] numbers = new float[ImageGeometry.Length];
        value.CopyTo(numbers);
        JsonSerializer.Serialize(writer, numbers);
    }
}
