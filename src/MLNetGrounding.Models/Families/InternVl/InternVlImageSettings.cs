using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>How the family's processor prepares images.</summary>
/// <param name="Pixels">How pixels are resized and normalized.</param>
/// <param name="FewestTiles">The fewest tiles that it cuts an image into.</param>
/// <param name="MostTiles">The most, the whole view not counted.</param>
internal sealed record InternVlImageSettings(PixelSettings Pixels, int FewestTiles, int MostTiles)
{
    // Far beyond any model; the processor looks at each product of rows and columns up to it.
    private const int Limit = 1024;

    private static readonly IReadOnlyList<double> Mean = [0.485, 0.456, 0.406];
    private static readonly IReadOnlyList<double> StandardDeviation = [0.229, 0.224, 0.225];

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="side">Side of the vision tower's input, which the file must agree with.</param>
    /// <exception cref="CheckpointException">The file is missing or damaged, or asks for something that is not implemented.</exception>
    public static InternVlImageSettings Read(string directory, int side)
    {
        JsonSettings settings = CheckpointSettings.ImageProcessor(directory);

        // Files say false, but the processor of the family cuts images all the same.
        settings.Ignore("crop_to_patches");
        settings.Require("do_center_crop", false);
        if (settings.TrySection("size") is { } size)
        {
            size.Require("height", side, required: true);
            size.Require("width", side, required: true);
        }

        int fewest = settings.Int("min_patches", 1, Limit, 1);
        return new InternVlImageSettings(
            PixelSettings.Read(settings, Mean, StandardDeviation, ResampleFilter.Bicubic),
            fewest,
            settings.Int("max_patches", fewest, Limit, Math.Max(fewest, 12))
        );
    }
}
