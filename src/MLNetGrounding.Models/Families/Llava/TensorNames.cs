namespace MLNetGrounding.Models.Families.Llava;

/// <summary>The two tensor namings in use; inside this library the older one, still on the hub, is the only one.</summary>
internal static class TensorNames
{
    // Longest prefix first.
    private static readonly (string New, string Hub)[] Prefixes =
    [
        ("model.language_model.", "language_model.model."),
        ("model.vision_tower.", "vision_tower."),
        ("model.multi_modal_projector.", "multi_modal_projector."),
        ("lm_head.", "language_model.lm_head."),
    ];

    /// <summary>Buffers that some exporters store and that hold nothing a model has to read.</summary>
    public static bool IsHarmlessBuffer(string name) =>
        name.EndsWith(".inv_freq", StringComparison.Ordinal) || name.EndsWith(".position_ids", StringComparison.Ordinal);

    public static string ToHub(string name) => Rename(name, prefix => (prefix.New, prefix.Hub));

    public static string ToNew(string name) => Rename(name, prefix => (prefix.Hub, prefix.New));

    private static string Rename(string name, Func<(string New, string Hub), (string From, string To)> direction)
    {
        foreach ((string New, string Hub) prefix in Prefixes)
        {
            (string from, string to) = direction(prefix);
            if (name.StartsWith(from, StringComparison.Ordinal))
            {
                return to + name[from.Length..];
            }
        }

        return name;
    }
}
