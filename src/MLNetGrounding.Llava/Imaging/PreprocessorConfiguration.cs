using System.Text.Json;

namespace MLNetGrounding.Llava;

/// <summary>What a checkpoint's <c>preprocessor_config.json</c> says about its images; every other way of resizing them is refused.</summary>
internal sealed class PreprocessorConfiguration
{
    public const string FileName = "preprocessor_config.json";

    // Pillow's number of bicubic resampling.
    private const int Bicubic = 3;
    private const double GreyLevels = 255;
    private static readonly double[] ClipMean = [0.48145466, 0.4578275, 0.40821073];
    private static readonly double[] ClipStandardDeviation = [0.26862954, 0.26130258, 0.27577711];

    private readonly string _path;
    private readonly JsonElement _settings;

    private PreprocessorConfiguration(string path, JsonElement settings, int imageSize)
    {
        _path = path;
        _settings = settings;
        Size = imageSize;
        RequireSize("size", imageSize);
        RequireSize("crop_size", imageSize);
        if (!Flag("do_resize"))
        {
            throw Wrong("do_resize", "true was expected, found false; pictures are always resized");
        }
        if (TryGet("resample") is { } resample && !(resample.ValueKind == JsonValueKind.Number && resample.TryGetInt32(out var filter) && filter == Bicubic))
        {
            throw Wrong("resample", $"only {Bicubic} (bicubic) is implemented, found {resample.GetRawText()}");
        }
        RescaleFactor = Flag("do_rescale") ? Positive("rescale_factor", TryGet("rescale_factor"), 1 / GreyLevels) : 1;
        Mean = Flag("do_normalize") ? Channels("image_mean", ClipMean) : [0, 0, 0];
        StandardDeviation = Flag("do_normalize") ? Channels("image_std", ClipStandardDeviation) : [1, 1, 1];
        if (StandardDeviation.Any(value => value <= 0))
        {
            throw Wrong("image_std", $"positive numbers were expected, found {_settings.GetProperty("image_std").GetRawText()}");
        }
    }

    /// <summary>Side of the square input in pixels.</summary>
    public int Size { get; }

    /// <summary>What a grey level of 0 to 255 is multiplied by.</summary>
    public double RescaleFactor { get; }

    /// <summary>What is subtracted from red, green and blue after rescaling.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>What red, green and blue are divided by after that.</summary>
    public IReadOnlyList<double> StandardDeviation { get; }

    /// <summary>Reads the file in a checkpoint folder.</summary>
    /// <param name="directory">The checkpoint folder.</param>
    /// <param name="imageSize">Side of the vision tower's input, which the file must agree with.</param>
    /// <exception cref="CheckpointException">The file is missing or damaged, or asks for something that is not implemented.</exception>
    public static PreprocessorConfiguration Read(string directory, int imageSize)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            throw new CheckpointException(path, "the file does not exist; it says how the checkpoint's pictures are normalised.");
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new PreprocessorConfiguration(path, document.RootElement.Clone(), imageSize)
                : throw new CheckpointException(path, $"a JSON object was expected, found {document.RootElement.ValueKind}.");
        }
        catch (JsonException exception)
        {
            throw new CheckpointException(path, $"not valid JSON: {exception.Message}", innerException: exception);
        }
    }

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
            ["rescale_factor"] = 1 / GreyLevels,
            ["size"] = new Dictionary<string, int> { ["shortest_edge"] = imageSize },
        };
        File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(settings, JsonSettings.Indented) + "\n");
    }

    /// <summary>A size is a number, {"shortest_edge"} or {"height", "width"}; whether pictures are padded or cropped is the caller's choice.</summary>
    private void RequireSize(string key, int imageSize)
    {
        if (TryGet(key) is not { } value)
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
            throw Wrong(key, $"{imageSize}, the size of the vision tower's input, was expected, found {value.GetRawText()}");
        }
    }

    private static bool IsSize(JsonElement value, int imageSize) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size == imageSize;

    private double[] Channels(string key, double[] otherwise)
    {
        if (TryGet(key) is not { } value)
        {
            return otherwise;
        }
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 3
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. value.EnumerateArray().Select(item => item.GetDouble())]
            : throw Wrong(key, $"three numbers were expected, found {value.GetRawText()}");
    }

    private double Positive(string key, JsonElement? value, double otherwise) =>
        value is not { } number ? otherwise
        : number.ValueKind == JsonValueKind.Number && number.GetDouble() is > 0 and var factor ? factor
        : throw Wrong(key, $"a positive number was expected, found {number.GetRawText()}");

    private bool Flag(string key) =>
        TryGet(key) is not { } value
        || (value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Wrong(key, $"true or false was expected, found {value.GetRawText()}"));

    private JsonElement? TryGet(string key) =>
        _settings.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private CheckpointException Wrong(string key, string problem) => new(_path, $"'{key}': {problem}.");
}
