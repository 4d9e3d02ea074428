using System.Text.Json;

namespace MLNetGrounding.Models.Hub;

/// <summary>What a hub says of a model, as far as it says it.</summary>
internal sealed record HubModelInfo(string Commit, string? License, bool IsGated, bool IsDisabled, string? ModelType)
{
    /// <summary>Reads an answer, or gives <see langword="null"/> where it names no commit.</summary>
    public static HubModelInfo? Read(JsonElement answer)
    {
        if (Text(answer, "sha") is not { } commit || !HubName.IsCommit(commit))
        {
            return null;
        }

        return new HubModelInfo(
            commit,
            FindLicense(answer),
            answer.TryGetProperty("gated", out JsonElement gated) && gated.ValueKind is JsonValueKind.True or JsonValueKind.String,
            answer.TryGetProperty("disabled", out JsonElement disabled) && disabled.ValueKind == JsonValueKind.True,
            Text(Section(answer, "config"), "model_type")
        );
    }

    private static string? FindLicense(JsonElement answer)
    {
        const string tag = "license:";
        JsonElement card = Section(answer, "cardData");
        return Text(card, "license") is not { } stated ? FromTags()
            : stated == "other" && Text(card, "license_name") is { } name ? name
            : stated;

        string? FromTags() =>
            answer.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
                ? tags.EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!)
                    .FirstOrDefault(item => item.StartsWith(tag, StringComparison.Ordinal))
                    ?[tag.Length..]
                : null;
    }

    private static JsonElement Section(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : default;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
