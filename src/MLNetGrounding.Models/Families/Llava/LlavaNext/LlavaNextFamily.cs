using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Decoders;

namespace MLNetGrounding.Models.Families.Llava.LlavaNext;

/// <summary>LLaVA-NeXT, also called LLaVA 1.6: LLaVA over a whole view and tiles.</summary>
internal sealed class LlavaNextFamily : IModelFamily
{
    private static readonly LlavaDefaults Defaults = new(KnownDecoders.Llama, ImageToken: 32000, FeatureLayer: -2, DropsFirst: true);

    private static readonly (int Height, int Width)[] Resolutions = [(336, 672), (672, 336), (672, 672), (1008, 336), (336, 1008)];

    /// <inheritdoc/>
    public string ModelType => "llava_next";

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        JsonSettings root = CheckpointSettings.Configuration(directory);
        root.Require("model_type", ModelType, required: true);
        root.Require("use_image_newline_parameter", true);
        LlavaSettings settings = LlavaSettingsReader.Read(root, Defaults);
        AnyresArchitecture architecture = new(
            ModelType,
            settings,
            AnyresReader.Read(directory, root, settings, Resolutions, mostTiles: null)
        );
        root.RefuseUnread();
        return architecture;
    }
}
