using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>InternVL3 and InternVL3.5 in Hugging Face's own layout, with a Qwen2 or Qwen3 decoder.</summary>
internal sealed class InternVlFamily : IModelFamily
{
    // The layout of the authors' own code: other names of settings and tensors for the same mathematics.
    private const string OriginalType = "internvl_chat";
    private const string Organization = "OpenGVLab";

    /// <inheritdoc/>
    public string ModelType => InternVlSettingsReader.ModelType;

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        InternVlSettings settings = InternVlSettingsReader.Read(directory);
        return new InternVlArchitecture(settings, InternVlImageSettings.Read(directory, settings.Vision.ImageSize));
    }

    /// <inheritdoc/>
    public string? Refuse(JsonSettings configuration) =>
        configuration.Text("model_type") != OriginalType
            ? null
            : $"'{OriginalType}' is the layout of the authors' own code, which is not read; take the same model in Hugging Face's layout: {Twin(configuration)}";

    /// <summary>The name of the same model on the hub: InternVL3-1B-hf of InternVL3-1B, InternVL3_5-1B-HF of InternVL3_5-1B.</summary>
    private static string Twin(JsonSettings configuration)
    {
        string[] names =
        [
            Path.GetFileName((configuration.TryText("_name_or_path") ?? "").TrimEnd('/')),
            Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(configuration.FilePath)) ?? ""),
        ];
        return Array.Find(names, name => name.StartsWith("InternVL", StringComparison.OrdinalIgnoreCase)) is { } known
            ? $"{Organization}/{known}{(known.Contains("3_5", StringComparison.Ordinal) ? "-HF" : "-hf")}"
            : $"{Organization}/InternVL3-1B-hf for InternVL3-1B, {Organization}/InternVL3_5-1B-HF for InternVL3_5-1B, and so on";
    }
}
