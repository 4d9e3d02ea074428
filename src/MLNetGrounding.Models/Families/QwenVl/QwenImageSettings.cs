using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>The settings of the processor that keeps an image's shape: how pixels are treated, and how many there may be.</summary>
internal sealed record QwenImageSettings
{
    private const int DefaultFewest = 56 * 56;
    private const int DefaultMost = 28 * 28 * 1280;

    /// <summary>How pixels are resized and normalized.</summary>
    public required PixelSettings Pixels { get; init; }

    /// <summary>The fewest pixels of a resized image.</summary>
    public required int FewestPixels { get; init; }

    /// <summary>The most pixels of a resized image.</summary>
    public required int MostPixels { get; init; }

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="vision">The tower, with which the file must agree.</param>
    /// <exception cref="CheckpointException">The file is missing or damaged, or asks for something that is not implemented.</exception>
    public static QwenImageSettings Read(string directory, QwenVisionSettings vision)
    {
        JsonSettings settings = CheckpointSettings.ImageProcessor(directory);
        Agree("patch_size", 14, vision.PatchSize);
        Agree("merge_size", 2, vision.MergeSize);
        Agree("temporal_patch_size", 2, vision.Frames);
        settings.Require("do_center_crop", false);
        settings.Require("do_pad", false);

        // Numbers of pixels, whatever the names of the newer keys say; the older ones count where both are there. For a while they stood in
        // size, too.
        JsonSettings? size = settings.TrySection("size");
        int fewest = Stated("min_pixels", "shortest_edge") ?? DefaultFewest;
        int most = Stated("max_pixels", "longest_edge") ?? DefaultMost;
        size?.Ignore("min_pixels", "max_pixels", "shortest_edge", "longest_edge");
        size?.RefuseUnread();
        return fewest <= most
            ? new QwenImageSettings
            {
                Pixels = PixelSettings.Read(settings, PixelSettings.ClipMean, PixelSettings.ClipStandardDeviation, ResampleFilter.Bicubic),
                FewestPixels = fewest,
                MostPixels = most,
            }
            : throw settings.Wrong(
                settings.Has("max_pixels") ? "max_pixels" : "size",
                $"at least as many pixels as the smallest image has ({fewest}) were expected, found {most}"
            );

        int? Stated(string older, string newer) =>
            settings.TryInt(older, 1, int.MaxValue) ?? size?.TryInt(newer, 1, int.MaxValue) ?? size?.TryInt(older, 1, int.MaxValue);

        void Agree(string key, int otherwise, int tower)
        {
            int stated = settings.Int(key, 1, int.MaxValue, otherwise);
            if (stated != tower)
            {
                throw settings.Wrong(
                    key,
                    $"{tower}, as {CheckpointSettings.ConfigurationFileName} says of the vision tower, was expected, found {stated}"
                );
            }
        }
    }
}
