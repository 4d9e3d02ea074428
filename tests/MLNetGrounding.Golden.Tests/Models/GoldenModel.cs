using System.Text.Json;
using MLNetGrounding.Golden.Reporting;
using MLNetGrounding.Models.Families;
using MLNetGrounding.Testing;

namespace MLNetGrounding.Golden.Models;

/// <summary>One folder of golden2 with a tiny checkpoint of a language model and what Hugging Face's code computes on it.</summary>
internal sealed class GoldenModel
{
    private readonly string _path;
    private readonly JsonElement _prompt;

    public GoldenModel(string folder)
    {
        Folder = folder;
        _path = GoldenFolders.Require(folder);
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_path, "prompt.json")));
        _prompt = document.RootElement.Clone();
    }

    /// <summary>The folder's name.</summary>
    public string Folder { get; }

    /// <summary>The checkpoint folder.</summary>
    public string Checkpoint => Path.Combine(_path, "checkpoint");

    /// <summary>The family: <c>model_type</c>.</summary>
    public string Family => _prompt.GetProperty("family").GetString()!;

    /// <summary>The end tokens, which were barred from answers; empty where none are stated.</summary>
    public IReadOnlyList<int> EndTokenIds =>
        _prompt.TryGetProperty("eos_token_ids", out JsonElement ids) ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [];

    /// <summary>Whether its family can be opened here.</summary>
    public bool IsBuilt => FamilyRegistry.ModelTypes.Contains(Family);

    /// <summary>The cases in the order of the file.</summary>
    public IReadOnlyList<GoldenModelCase> Cases =>
        [
            .. _prompt
                .GetProperty("cases")
                .EnumerateObject()
                .Where(each => each.Value.TryGetProperty("queries", out _))
                .Select(each => new GoldenModelCase(this, each.Name, each.Value)),
        ];

    /// <summary>
    /// The folder of views that are filled in part, and go through the tower alone; <see langword="null"/> where there is none.
    /// </summary>
    public string[]? MaskedPixels =>
        _prompt.TryGetProperty("masked_pixels", out JsonElement masked) ? masked.GetProperty("folder").GetString()!.Split('/') : null;

    /// <summary>The text of a template with our own placeholder for the image.</summary>
    public string Template(string name)
    {
        string text = _prompt.GetProperty("templates").GetProperty(name).GetProperty("text").GetString()!;
        string stands = _prompt.TryGetProperty("image_placeholder", out JsonElement other)
            ? other.GetString()!
            : _prompt.GetProperty("image_token").GetString()!;
        return text.Replace(stands, GroundingProfile.ImagePlaceholder, StringComparison.Ordinal);
    }

    /// <summary>The text of the first case's template.</summary>
    public string FirstTemplate => _prompt.GetProperty("template").GetString()!;

    /// <summary>Sequences with their positions; empty where there are none.</summary>
    public IReadOnlyList<JsonElement> PositionExamples =>
        _prompt.TryGetProperty("position_examples", out JsonElement examples) ? [.. examples.EnumerateArray()] : [];

    /// <summary>A file of the folder, or <see langword="null"/>.</summary>
    public NpyFile? TryRead(params string[] path)
    {
        string file = Path.Combine([_path, .. path]) + ".npy";
        return File.Exists(file) ? NpyFile.Read(file) : null;
    }

    /// <summary>An image, from golden2 or golden.</summary>
    public static string ImagePath(string name)
    {
        string second = Path.Combine(GoldenFolders.Require("images"), name);
        return File.Exists(second) ? second : TestData.Require(Path.Combine("golden", "images", name));
    }

    /// <summary>The checkpoint folder for a case: itself, or a copy whose image processor has the case's own settings.</summary>
    public string CheckpointFor(JsonElement settings, string copies) => CaseSettings.Of(settings).CheckpointFor(Checkpoint, copies);
}
