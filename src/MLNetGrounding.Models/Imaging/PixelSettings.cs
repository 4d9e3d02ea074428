using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Imaging;

/// <summary>How a checkpoint's processor resizes and normalizes pixels, whatever sizes it makes.</summary>
internal sealed record PixelSettings
{
    private const int Channels = 3;
    private const double GrayLevels = 255;

    /// <summary>CLIP's mean of red, green and blue.</summary>
    public static IReadOnlyList<double> ClipMean { get; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>CLIP's standard deviation.</summary>
    public static IReadOnlyList<double> ClipStandardDeviation { get; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>What a gray level of 0 to 255 is multiplied by.</summary>
    public required double RescaleFactor { get; init; }

    /// <summary>What is subtracted from red, green and blue after that.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>What they are divided by then.</summary>
    public required IReadOnlyList<double> StandardDeviation { get; init; }

    /// <summary>The filter of every resize.</summary>
    public required ResampleFilter Filter { get; init; }

    /// <summary>What fills the rest of a canvas.</summary>
    public required RgbColor Background { get; init; }

    /// <summary>Reads the settings of an image processor.</summary>
    /// <param name="settings">The processor's settings.</param>
    /// <param name="mean">The mean where none is stated.</param>
    /// <param name="standardDeviation">The standard deviation where none is stated.</param>
    /// <param name="filter">The filter where none is stated.</param>
    /// <exception cref="CheckpointException">A setting is wrong or not implemented.</exception>
    public static PixelSettings Read(
        JsonSettings settings,
        IReadOnlyList<double> mean,
        IReadOnlyList<double> standardDeviation,
        ResampleFilter filter
    )
    {
        settings.Require("do_resize", true);
        settings.Ignore("do_convert_rgb");
        bool normalized = settings.Flag("do_normalize", true);
        IReadOnlyList<double> stated = settings.TryNumbers("image_mean", Channels) ?? mean;
        return new PixelSettings
        {
            RescaleFactor = settings.Flag("do_rescale", true) ? settings.PositiveNumber("rescale_factor", 1 / GrayLevels) : 1,
            Mean = normalized ? stated : [0, 0, 0],
            StandardDeviation = normalized ? settings.TryNumbers("image_std", Channels, positive: true) ?? standardDeviation : [1, 1, 1],
            Filter = Filters(settings, filter),
            Background = RgbColor.OfMean([.. stated.Select(value => Math.Clamp(value, 0, 1))]),
        };
    }

    public PixelNormalizer CreateNormalizer() => new(RescaleFactor, Mean, StandardDeviation);

    private static ResampleFilter Filters(JsonSettings settings, ResampleFilter otherwise)
    {
        int number = settings.Int("resample", 0, 5, (int)otherwise);
        return Enum.IsDefined((ResampleFilter)number)
            ? (ResampleFilter)number
            : throw settings.Wrong(
                "resample",
                $"one of {string.Join(", ", Enum.GetValues<ResampleFilter>().Select(filter => $"{(int)filter} ({filter})"))} was expected, found {number}"
            );
    }
}
