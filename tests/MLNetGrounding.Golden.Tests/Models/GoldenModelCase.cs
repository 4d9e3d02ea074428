using System.Text.Json;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Models;

/// <summary>One image and its questions in a folder of golden2.</summary>
internal sealed class GoldenModelCase(GoldenModel model, string name, JsonElement settings)
{
    private const double AttentionLimit = 2e-5;
    private const double LogitLimit = 5e-4;

    public string Name => name;

    /// <summary>What <c>prompt.json</c> says of the case.</summary>
    public JsonElement Settings => settings;

    /// <summary>The image's file.</summary>
    public string ImagePath => GoldenModel.ImagePath(settings.GetProperty("image").GetString()!);

    /// <summary>How the image is wanted: as the family's processor has it, in one view where the case does without tiles.</summary>
    public ImageRequest Request =>
        IsWhole(settings) || (settings.TryGetProperty("layout", out JsonElement layout) && IsWhole(layout))
            ? new ImageRequest(ImageFit.Stretch, null, Tiles: (1, 1))
            : new ImageRequest(ImageFit.Native, null);

    /// <summary>The prompt, with placeholders.</summary>
    public string Template => model.Template(settings.GetProperty("template").GetString()!);

    /// <summary>The questions; the first asks about the whole object.</summary>
    public IReadOnlyList<GoldenQuery> Queries =>
        [.. settings.GetProperty("queries").EnumerateArray().Select(query => new GoldenQuery(query))];

    /// <summary>The query that was answered and its tokens, or <see langword="null"/> where none was.</summary>
    public (int Query, IReadOnlyList<int> Ids)? Answer =>
        settings.TryGetProperty("answer", out JsonElement answer) && answer.ValueKind == JsonValueKind.Object
            ? (answer.GetProperty("query").GetInt32(), [.. answer.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())])
            : null;

    /// <summary>The answer's text, where it is stored.</summary>
    public string? AnswerText => settings.GetProperty("answer").TryGetProperty("text", out JsonElement text) ? text.GetString() : null;

    /// <summary>Three times what float32 itself is off in logits; 0 where it is not stored.</summary>
    public double NoiseOfLogits => Limit(0, "logits");

    /// <summary>How far attention may be off: the limit, or three times what float32 itself is off.</summary>
    public double Attention => Limit(AttentionLimit, "attention");

    /// <summary>How far logits may be off.</summary>
    public double Logits => Limit(LogitLimit, "logits");

    /// <summary>A stored array, or <see langword="null"/>.</summary>
    public NpyFile? Expected(string array) => model.TryRead("expected", name, array);

    /// <summary>A stored array of the paper's method, or <see langword="null"/>.</summary>
    public NpyFile? Method(string array) => model.TryRead("method", name, array);

    private static bool IsWhole(JsonElement holder) =>
        holder.ValueKind == JsonValueKind.Object
        && holder.TryGetProperty("crop_to_patches", out JsonElement cuts)
        && cuts.ValueKind == JsonValueKind.False;

    private double Limit(double limit, string what) =>
        settings.TryGetProperty("float32_against_float64", out JsonElement noise) && noise.TryGetProperty(what, out JsonElement own)
            ? Math.Max(limit, 3 * own.GetDouble())
            : limit;
}
