using System.CommandLine;
using System.CommandLine.Parsing;

namespace MLNetGrounding.Examples;

/// <summary>The options that choose a model and how it runs.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _fit = CommandOptions.Choice(
        "--fit",
        "How an image is fitted into the model's input: padded, its middle cropped (a key point that is cropped away is a miss), or stretched.",
        "pad",
        "crop",
        "stretch"
    );

    private readonly Option<MapGrid?> _grid = Grid(
        "--grid",
        "The grid of maps, rows x columns of cells, where the model has a choice. [default: the model's own]",
        "16x16"
    );

    private readonly Option<int?> _cells = new("--cells")
    {
        CustomParser = result => CommandOptions.WholeNumber(1)(result),
        Description = "About how many cells maps have, instead of --grid. [default: as many as the model's own grid]",
        HelpName = "number",
    };

    private readonly Option<string> _aspect = CommandOptions.Place(
        "--aspect",
        "ratio",
        "The shape of the grid: width over height, such as 1.5 or 16:9, or the path of an image that has it; goes with --cells. [default: square]"
    );

    private readonly Option<MapGrid?> _tiles = Grid(
        "--tiles",
        "How images are cut by models that see tiles, rows x columns. [default: the model's own]",
        "2x2"
    );

    private readonly Option<string> _views = CommandOptions.Choice(
        "--views",
        "Which views of tiled images maps show: tiles and the whole view, the tiles alone, or the whole view alone.",
        "all",
        "tiles",
        "whole"
    );

    private readonly Option<string> _device = CommandOptions.Choice(
        "--device",
        "Where the model runs; cuda needs a build with -p:TorchBackend=cuda.",
        "cpu",
        "cuda"
    );

    private readonly Option<string> _precision = CommandOptions.Choice(
        "--precision",
        "The type of the weights; auto is the checkpoint's own.",
        "auto",
        "float32",
        "bfloat16",
        "float16"
    );

    private readonly Option<string> _object = CommandOptions.Place(
        "--object",
        "word",
        $"The word for what the images show, which masks the words that are asked about. [default: the model's own, else {ModelSettings.DefaultObject}]"
    );

    /// <param name="others">Names besides folders and the sample model, and what they stand for.</param>
    public ModelOptions(params (string Name, string Description)[] others)
    {
        string[] descriptions =
        [
            "A checkpoint folder as it comes from the Hugging Face hub, of any family that docs/models.md lists, or the name of a model in the cache of its tools (organization/name)",
            $"'{ModelSettings.Sample}': the small model trained on drawn birds and cars",
            .. others.Select(other => $"'{other.Name}': {other.Description}"),
        ];
        Name = CommandOptions.Place(
            "--model",
            string.Join('|', ["folder", ModelSettings.Sample, .. others.Select(other => other.Name)]),
            $"{string.Join("; ", descriptions[..^1])}{(others.Length > 0 ? ";" : ",")} or {descriptions[^1]}.",
            ModelSettings.Sample
        );
    }

    public Option<string> Name { get; }

    /// <summary>How the model is asked and runs.</summary>
    public IEnumerable<Option> Runtime => [_object, _fit, _grid, _cells, _aspect, _tiles, _views, _device, _precision];

    /// <summary>Refuses options that contradict each other.</summary>
    public void RejectContradictions(CommandResult result)
    {
        if (result.IsGiven(_grid) && (result.IsGiven(_cells) || result.IsGiven(_aspect)))
        {
            result.AddError("--grid states the grid; --cells and --aspect have it computed. Give either.");
        }
    }

    public ModelSettings Read(ParseResult result) =>
        new()
        {
            Name = result.GetRequiredValue(Name),
            Object = result.GetValue(_object),
            Capture = new CaptureOptions
            {
                Fit = Enum.Parse<ImageFit>(result.GetRequiredValue(_fit), ignoreCase: true),
                Grid = result.GetValue(_grid),
                Tiles = result.GetValue(_tiles) is { } tiles ? (tiles.Height, tiles.Width) : null,
                Views = Enum.Parse<MapViews>(result.GetRequiredValue(_views), ignoreCase: true),
            },
            Cells = result.GetValue(_cells),
            Aspect = result.GetValue(_aspect),
            Device = Enum.Parse<ModelDevice>(result.GetRequiredValue(_device), ignoreCase: true),
            Precision =
                result.GetRequiredValue(_precision) is var type && type == "auto"
                    ? ModelPrecision.Automatic
                    : Enum.Parse<ModelPrecision>(type, ignoreCase: true),
        };

    private static Option<MapGrid?> Grid(string name, string description, string example) =>
        new(name)
        {
            CustomParser = result =>
            {
                if (MapGrid.TryParse(result.Tokens[0].Value, out MapGrid grid))
                {
                    return grid;
                }

                result.AddError($"{name} must be rows and columns such as {example}, not '{result.Tokens[0].Value}'.");
                return null;
            },
            Description = description,
            HelpName = example,
        };
}
