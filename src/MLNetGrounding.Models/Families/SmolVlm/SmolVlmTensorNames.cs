namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>The names of tensors, which are the same in all files.</summary>
internal static class SmolVlmTensorNames
{
    public const string Decoder = "model.text_model.";
    public const string Head = "lm_head.weight";
    public const string Tower = "model.vision_model.";
    public const string Connector = "model.connector.modality_projection.proj";

    private static readonly string[] UnusedEnds = [".inv_freq", ".position_ids"];

    /// <summary>Whether a tensor may be there and is not needed.</summary>
    public static bool IsUnused(string name) => UnusedEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
