using System.CommandLine;

namespace MLNetGrounding.Examples;

/// <summary>The options that choose a model and how it runs.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _fit = CommandOptions.Choice("--fit", "How an image is fitted into the model's input: padded, its middle cropped (a key point that is cropped away is a miss), or stretched.", "pad", "crop", "stretch");

    private readonly Option<string> _device = CommandOptions.Choice("--device", "Where the model runs; cuda needs a build with -p:TorchBackend=cuda.", "cpu", "cuda");

    private readonly Option<string> _precision = CommandOptions.Choice("--precision", "The type of the weights; auto is the checkpoint's own.", "auto", "float32", "bfloat16", "float16");

    private readonly Option<string> _object = CommandOptions.Place("--object", "word", $"The word for what the images show, which masks the words that are asked about. [default: the model's own, else {ModelSettings.DefaultObject}]");

    /// <param name="others">Names besides folders and the sample model, and what they stand for.</param>
    public ModelOptions(params (string Name, string Description)[] others)
    {
        string[] descriptions =
        [
            "A checkpoint folder as it comes from the Hugging Face hub, or the name of a model in the cache of its tools (organization/name)",
            $"'{ModelSettings.Sample}': the small model trained on sample birds",
            .. others.Select(other => $"'{other.Name}': {other.Description}"),
        ];
        Name = CommandOptions.Place(
            "--model",
            string.Join('|', ["folder", ModelSettings.Sample, .. others.Select(other => other.Name)]),
            $"{string.Join("; ", descriptions[..^1])}{(others.Length > 0 ? ";" : ",")} or {descriptions[^1]}.",
            ModelSettings.Sample);
    }

    public Option<string> Name { get; }

    /// <summary>How the model is asked and runs.</summary>
    public IEnumerable<Option> Runtime => [_object, _fit, _device, _precision];

    public ModelSettings Read(ParseResult result) => new()
    {
        Name = result.GetRequiredValue(Name),
        Object = result.GetValue(_object),
        Fit = Enum.Parse<ImageFit>(result.GetRequiredValue(_fit), ignoreCase: true),
        Device = Enum.Parse<ModelDevice>(result.GetRequiredValue(_device), ignoreCase: true),
        Precision = result.GetRequiredValue(_precision) is var type && type == "auto" ? ModelPrecision.Automatic : Enum.Parse<ModelPrecision>(type, ignoreCase: true),
    };
}
