using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Golden.Models;

/// <summary>Settings of the image processor that a case carries; they stand above those of its checkpoint.</summary>
internal sealed class CaseSettings
{
    private const string Layout = "layout";
    private const string Size = "size";
    private const string Resolutions = "image_grid_pinpoints";

    // As they are called in the processor's file.
    private static readonly string[] Plain =
    [
        "max_patches",
        "min_patches",
        "do_image_splitting",
        "min_pixels",
        "max_pixels",
        Size,
        "crop_size",
        "max_image_size",
        "do_pad",
        "do_center_crop",
        "do_normalize",
        "do_rescale",
        "rescale_factor",
        "image_mean",
        "image_std",
        "resample",
        Resolutions,
    ];

    // Those of the section of sizes, with the older name that would stand above them.
    private static readonly (string Name, string Older)[] OfSize = [("longest_edge", "max_pixels"), ("shortest_edge", "min_pixels")];

    private readonly SortedDictionary<string, JsonElement> _own = new(StringComparer.Ordinal);

    private CaseSettings() { }

    /// <summary>The settings that a case carries, itself or in its layout.</summary>
    public static CaseSettings Of(JsonElement settings)
    {
        CaseSettings all = new();
        foreach (
            JsonElement holder in (JsonElement[])
                [
                    .. settings.TryGetProperty(Layout, out JsonElement layout) && layout.ValueKind == JsonValueKind.Object
                        ? [layout]
                        : Array.Empty<JsonElement>(),
                    settings,
                ]
        )
        {
            foreach (string name in Plain.Concat(OfSize.Select(each => each.Name)))
            {
                if (holder.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                {
                    all._own[name] = value;
                }
            }
        }

        return all;
    }

    /// <summary>The folder itself where the case carries nothing, else a copy with the case's settings.</summary>
    /// <param name="checkpoint">The checkpoint folder.</param>
    /// <param name="copies">Where copies are made; one that is there already is taken.</param>
    public string CheckpointFor(string checkpoint, string copies)
    {
        if (_own.Count == 0)
        {
            return checkpoint;
        }

        string copy = Path.Combine(
            copies,
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(_own)))[..16]
        );
        if (Directory.Exists(copy))
        {
            return copy;
        }

        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(checkpoint))
        {
            string name = Path.GetFileName(file);
            JsonNode? changed = name switch
            {
                CheckpointSettings.ImageProcessorFileName => Changed(file, root => root),
                CheckpointSettings.ProcessorFileName => Changed(file, root => root[CheckpointSettings.ImageProcessorSection]),
                CheckpointSettings.ConfigurationFileName when _own.ContainsKey(Resolutions) => WithResolutions(file),
                _ => null,
            };
            if (changed is null)
            {
                File.CreateSymbolicLink(Path.Combine(copy, name), file);
            }
            else
            {
                File.WriteAllText(Path.Combine(copy, name), changed.ToJsonString());
            }
        }

        return copy;
    }

    private static JsonNode Node(JsonElement value) => JsonNode.Parse(value.GetRawText())!;

    /// <summary>A file with the settings in one of its parts; nothing where it has no such part.</summary>
    private JsonNode? Changed(string file, Func<JsonNode, JsonNode?> part)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(file))!;
        if (part(root) is not JsonObject processor)
        {
            return null;
        }

        foreach ((string name, JsonElement value) in _own)
        {
            if (Array.Find(OfSize, each => each.Name == name) is not { Name: { } } ofSize)
            {
                processor[name] = Node(value);
                continue;
            }

            if (processor[Size] is not JsonObject)
            {
                processor[Size] = new JsonObject();
            }

            processor[Size]![name] = Node(value);
            if (!_own.ContainsKey(ofSize.Older))
            {
                processor.Remove(ofSize.Older);
            }
        }

        return root;
    }

    /// <summary>The model has them, too.</summary>
    private JsonNode WithResolutions(string file)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(file))!;
        root[Resolutions] = Node(_own[Resolutions]);
        return root;
    }
}
