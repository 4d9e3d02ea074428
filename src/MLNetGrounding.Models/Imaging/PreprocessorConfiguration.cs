using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Imaging;

/// <summary>What a checkpoint's <c>preprocessor_config.json</c> says about its images; every other way of resizing them is refused.</summary>
internal sealed class PreprocessorConfiguration
{
    public const string FileName = CheckpointSettings.ImageProcessorFileName;

    // Pillow's number of bicubic resampling.
    private const int Bicubic = 3;
    private const double GrayLevels = 255;
    private const int Channels = 3;
    private static readonly double[] ClipMean = [0.48145466, 0.4578275, 0.40821073];
    private static readonly double[] ClipStandardDeviation = [0.26862954, 0.26130258, 0.27577711];

    private PreprocessorConfiguration(JsonSettings settings, int imageSize)
    {
        Size = imageSize;
        RequireSize(settings, "size", imageSize);
        RequireSize(settings, "crop_size", imageSize);
        settings.Require("do_resize", true);
        settings.Require("resample", Bicubic);
        RescaleFactor = settings.Flag("do_rescale", true) ? settings.PositiveNumber("rescale_factor", 1 / GrayLevels) : 1;
        bool normalized = settings.Flag("do_normalize", true);
        Mean = normalized ? settings.TryNumbers("image_mean", Channels) ?? ClipMean : [0, 0, 0];
        StandardDeviation = normalized ? settings.TryNumbers("image_std", Channels, positive: true) ?? ClipStandardDeviation : [1, 1, 1];
    }

    /// <summary>Side of the square input in pixels.</summary>
    public int Size { get; }

    /// <summary>What a gray level of 0 to 255 is multiplied by.</summary>
    public double RescaleFactor { get; }

    /// <summary>What is subtracted from red, green and blue after rescaling.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>What red, green and blue are divided by after that.</summary>
    public IReadOnlyList<double> StandardDeviation { get; }

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="imageSize">Side of the vision tower's input, which the file must agree with.</param>
    /// <exception cref="CheckpointException">The file is missing or damaged, or asks for something that is not implemented.</exception>
    public static PreprocessorConfiguration Read(string directory, int imageSize) =>
        new(CheckpointSettings.ImageProcessor(directory), imageSize);

    /// <summary>Writes the file of the public LLaVA 1.5 checkpoint, for another input size.</summary>
    public static void Write(string directory, int imageSize)
    {
        var settings = new Dictionary<string, object>
        {
            ["crop_size"] = new Dictionary<string, int> { ["height"] = imageSize, ["width"] = imageSize },
            ["do_center_crop"] = true,
            ["do_convert_rgb"] = true,
            ["do_normalize"] = true,
            ["do_rescale"] = true,
            ["do_resize"] = true,
            ["image_mean"] = ClipMean,
            ["image_processor_type"] = "CLIPImageProcessor",
            ["image_std"] = ClipStandardDeviation,
            ["processor_class"] = "LlavaProcessor",
            ["resample"] = Bicubic,
            ["rescale_factor"] = 1 / GrayLevels,
            ["size"] = new Dictionary<string, int> { ["shortest_edge"] = imageSize },
        };
        File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(settings, JsonSettings.Indented) + "\n");
    }

    /// <summary>A size is a number, {"shortest_edge"} or {"height", "width"}; whether pictures are padded or cropped is the caller's choice.</summary>
    private static void RequireSize(JsonSettings settings, string key, int imageSize)
    {
        if (settings.TryGet(key) is not { } value)
        {
            return;
        }
        string[] edges = value.ValueKind != JsonValueKind.Object ? []
            : value.TryGetProperty("shortest_edge", out _) ? ["shortest_edge"]
            : ["height", "width"];
        var agrees = edges.Length == 0
            ? IsSize(value, imageSize)
            : edges.All(edge => value.TryGetProperty(edge, out var length) && IsSize(length, imageSize));
        if (!agrees)
        {
            throw settings.Wrong(key, $"{imageSize}, the size of the vision tower's input, was expected, found {value.GetRawText()}");
        }
    }

    private static bool IsSize(JsonElement value, int imageSize) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size == imageSize;
}
