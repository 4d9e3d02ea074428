using System.Globalization;
using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Decoders;

namespace MLNetGrounding.Models.Families.Llava.LlavaOneVision;

/// <summary>LLaVA-OneVision: a whole view and tiles, whose features are made fewer where there are many.</summary>
internal sealed class LlavaOneVisionFamily : IModelFamily
{
    private const string AspectRatioKey = "vision_aspect_ratio";
    private const string AspectRatio = "anyres_max_";
    private const int DefaultMostTiles = 9;
    private const int TilesAlong = 6;
    private const int DefaultSide = 384;

    private static readonly LlavaDefaults Defaults = new(KnownDecoders.Qwen2, ImageToken: 151646, FeatureLayer: -1, DropsFirst: false);

    // Every rectangle of up to six tiles along a side, by height and then width.
    private static readonly (int Height, int Width)[] Resolutions =
    [
        .. Enumerable
            .Range(1, TilesAlong)
            .SelectMany(rows => Enumerable.Range(1, TilesAlong).Select(columns => (rows * DefaultSide, columns * DefaultSide))),
    ];

    /// <inheritdoc/>
    public string ModelType => "llava_onevision";

    /// <inheritdoc/>
    public IModelArchitecture Read(string directory)
    {
        JsonSettings root = CheckpointSettings.Configuration(directory);
        root.Require("model_type", ModelType, required: true);

        // Of videos, which are not looked at.
        root.Ignore("video_token_index", "video_token_id");
        root.Require("use_image_newline_parameter", true);
        LlavaSettings settings = LlavaSettingsReader.Read(root, Defaults);
        AnyresArchitecture architecture = new(
            ModelType,
            settings,
            AnyresReader.Read(directory, root, settings, Resolutions, MostTiles(root))
        );
        root.RefuseUnread();
        return architecture;
    }

    private static int MostTiles(JsonSettings root)
    {
        string text = root.TryText(AspectRatioKey) ?? $"{AspectRatio}{DefaultMostTiles}";
        return
            text.StartsWith(AspectRatio, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(AspectRatio.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int most)
            && most > 0
            ? most
            : throw root.Wrong(AspectRatioKey, $"'{AspectRatio}' and a number above 0 was expected, found '{text}'");
    }
}
