using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Imaging;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>The settings of processors that make one square of every image: CLIP's, SigLIP's, and those that pad first.</summary>
internal sealed class SquareImageSettings
{
    private const string ShortestEdge = "shortest_edge";

    private static readonly IReadOnlyList<double> Halves = [0.5, 0.5, 0.5];

    private SquareImageSettings(JsonSettings settings, int size)
    {
        Size = size;
        bool isSiglip = IsOf(settings, "Siglip");
        Pixels = ReadPixels(settings);
        bool byShortestEdge = RequireSize(settings, "size", size) ?? !isSiglip;

        // Processors of the towers alone have the key, too, and do nothing with it.
        bool pads = settings.Flag("do_pad", false) && !isSiglip && !IsOf(settings, "CLIP");
        bool crops = settings.Flag("do_center_crop", byShortestEdge);
        if (crops)
        {
            RequireSize(settings, "crop_size", size);
        }
        else if (byShortestEdge && !pads)
        {
            throw settings.Wrong(
                "do_center_crop",
                "true was expected, since images are resized by their shortest edge and the model sees squares, found false"
            );
        }

        NativeFit =
            pads ? ImageFit.Pad
            : byShortestEdge ? ImageFit.Crop
            : ImageFit.Stretch;
    }

    /// <summary>Side of the square in pixels.</summary>
    public int Size { get; }

    /// <summary>How the processor itself fits an image.</summary>
    public ImageFit NativeFit { get; }

    /// <summary>How pixels are resized and normalized.</summary>
    public PixelSettings Pixels { get; }

    /// <summary>Reads the settings of a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="size">Side of the vision tower's input, which the file must agree with.</param>
    /// <exception cref="CheckpointException">The file is missing or damaged, or asks for something that is not implemented.</exception>
    public static SquareImageSettings Read(string directory, int size) => new(CheckpointSettings.ImageProcessor(directory), size);

    /// <summary>
    /// Reads how pixels are treated by a processor whose views are squares from the start, so that it has nothing to crop.
    /// </summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="size">Side of the vision tower's input, which the file must agree with.</param>
    /// <exception cref="CheckpointException">The file is missing or damaged, or asks for something that is not implemented.</exception>
    public static PixelSettings ReadViews(string directory, int size)
    {
        JsonSettings settings = CheckpointSettings.ImageProcessor(directory);
        RequireSize(settings, "size", size);
        RequireSize(settings, "crop_size", size);
        return ReadPixels(settings);
    }

    private static PixelSettings ReadPixels(JsonSettings settings)
    {
        bool isSiglip = IsOf(settings, "Siglip");
        return PixelSettings.Read(
            settings,
            isSiglip ? Halves : PixelSettings.ClipMean,
            isSiglip ? Halves : PixelSettings.ClipStandardDeviation,
            ResampleFilter.Bicubic
        );
    }

    private static bool IsOf(JsonSettings settings, string tower) =>
        settings.TryText("image_processor_type")?.StartsWith(tower, StringComparison.Ordinal) == true;

    /// <summary>
    /// A size is a number, {"shortest_edge"} or {"height", "width"}; says whether it is one of the shortest edge, or nothing where it is
    /// left out.
    /// </summary>
    private static bool? RequireSize(JsonSettings settings, string key, int size)
    {
        if (settings.TryGet(key) is not { } value)
        {
            return null;
        }

        bool isObject = value.ValueKind == JsonValueKind.Object;
        bool byShortestEdge = !isObject || value.TryGetProperty(ShortestEdge, out _);
        string[] edges = byShortestEdge ? [ShortestEdge] : ["height", "width"];
        bool agrees = isObject
            ? edges.All(edge => value.TryGetProperty(edge, out JsonElement length) && IsSize(length, size))
            : IsSize(value, size);
        return agrees
            ? byShortestEdge
            : throw settings.Wrong(key, $"{size}, the size of the vision tower's input, was expected, found {value.GetRawText()}");
    }

    private static bool IsSize(JsonElement value, int size) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int found) && found == size;
}
