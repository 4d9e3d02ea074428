namespace MLNetGrounding.Models.Families.Llava;

/// <summary>The tensor namings in use; inside this library that of the files on the hub is the only one.</summary>
internal static class LlavaTensorNames
{
    public const string Decoder = "language_model.model.";
    public const string Head = "language_model.lm_head.weight";
    public const string Tower = "vision_tower.vision_model.";
    public const string Projector = "multi_modal_projector.";

    /// <summary>The learned end of a row of cells, of relatives that see tiles.</summary>
    public const string Newline = "image_newline";

    private const string BareTower = "vision_tower.";

    // What newer files begin with; the longest prefix first.
    private static readonly (string New, string Hub)[] Prefixes =
    [
        ("model.language_model.", Decoder),
        ("model.vision_tower.", BareTower),
        ("model.multi_modal_projector.", Projector),
        ("model." + Newline, Newline),
        ("lm_head.", "language_model.lm_head."),
    ];

    // Buffers that some exporters store, and a pooling head that towers are trained with: none of them is read.
    private static readonly string[] UnusedEnds = [".inv_freq", ".position_ids"];

    /// <summary>Whether a tensor may be there and is not needed.</summary>
    public static bool IsUnused(string name) =>
        UnusedEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal)) || name.StartsWith(Tower + "head.", StringComparison.Ordinal);

    /// <summary>The name on the hub.</summary>
    public static string ToHub(string name)
    {
        foreach ((string newer, string hub) in Prefixes)
        {
            if (name.StartsWith(newer, StringComparison.Ordinal))
            {
                name = hub + name[newer.Length..];
                break;
            }
        }

        // transformers 5 leaves out the tower's own level.
        return name.StartsWith(BareTower, StringComparison.Ordinal) && !name.StartsWith(Tower, StringComparison.Ordinal)
            ? Tower + name[BareTower.Length..]
            : name;
    }
}
