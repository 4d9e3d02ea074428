namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>The tensor namings in use; inside this library that of Hugging Face's modules is the only one.</summary>
internal static class QwenTensorNames
{
    public const string Tower = "model.visual.";
    public const string Decoder = "model.language_model.";
    public const string Head = "lm_head.weight";

    private const string BareTower = "visual.";
    private const string BareDecoder = "model.";

    // A buffer that some exporters store; it is computed.
    private const string Frequencies = ".inv_freq";

    /// <summary>Whether a tensor may be there and is not needed.</summary>
    public static bool IsUnused(string name) => name.EndsWith(Frequencies, StringComparison.Ordinal);

    /// <summary>The name of the module.</summary>
    public static string ToModule(string name)
    {
        return Begins(BareTower) ? Tower + name[BareTower.Length..]
            : Begins(BareDecoder) && !Begins(Tower) && !Begins(Decoder) ? Decoder + name[BareDecoder.Length..]
            : name;

        bool Begins(string prefix) => name.StartsWith(prefix, StringComparison.Ordinal);
    }
}
