using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetGrounding.Saving;

/// <summary>Writes a grid as its text, <c>10 x 16</c>: its sides are read-only, which saved settings leave out.</summary>
internal sealed class MapGridConverter : JsonConverter<MapGrid>
{
    public override MapGrid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && MapGrid.TryParse(reader.GetString(), out MapGrid grid)
            ? grid
            : throw new JsonException("a grid was expected, rows x columns");

    public override void Write(Utf8JsonWriter writer, MapGrid value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
