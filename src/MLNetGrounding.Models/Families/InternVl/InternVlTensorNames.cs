using MLNetGrounding.Models.Vision;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>The tensor namings in use; inside this library that of the files on the hub is the only one.</summary>
internal static class InternVlTensorNames
{
    public const string Decoder = "language_model.model.";
    public const string Head = "language_model.lm_head.weight";
    public const string Tower = "vision_tower.";
    public const string Projector = "multi_modal_projector.";

    // As the modules are named, and as files have it.
    private static readonly (string Module, string Hub)[] Prefixes =
    [
        ("model.language_model.", Decoder),
        ("model.vision_tower.", Tower),
        ("model.multi_modal_projector.", Projector),
        ("lm_head.", "language_model.lm_head."),
    ];

    private static readonly string[] UnusedEnds = [".inv_freq", ".mask_token"];

    /// <summary>The names inside the tower.</summary>
    public static VisionTensorNames InTower { get; } =
        new()
        {
            ClassToken = "embeddings.cls_token",
            Positions = "embeddings.position_embeddings",
            HasBatchAxis = true,
            Patches = "embeddings.patch_embeddings.projection",
            LastNorm = "layernorm",
            Layers = "encoder.layer.",
            Attention = "attention",
            Output = "projection_layer",
            AttentionNorm = "layernorm_before",
            FeedForwardNorm = "layernorm_after",
        };

    /// <summary>Whether a tensor may be there and is not needed.</summary>
    public static bool IsUnused(string name) => UnusedEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal));

    /// <summary>The name on the hub.</summary>
    public static string ToHub(string name)
    {
        foreach ((string module, string hub) in Prefixes)
        {
            if (name.StartsWith(module, StringComparison.Ordinal))
            {
                return hub + name[module.Length..];
            }
        }

        return name;
    }
}
