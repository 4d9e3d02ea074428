namespace MLNetGrounding.Examples;

/// <summary>Which model the command line asks for, and how it runs.</summary>
internal sealed record ModelSettings
{
    public const string Sample = "sample";

    /// <summary>What the images of the examples show, for models that have no word of their own for it.</summary>
    public const string DefaultObject = "bird";

    /// <summary>A checkpoint folder or <see cref="Sample"/>.</summary>
    public string Name { get; init; } = Sample;

    /// <summary>The word for what the images show; null for the model's own.</summary>
    public string? Object { get; init; }

    /// <summary>How images are fitted and cut, and which views maps show.</summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>About how many cells maps have, where <see cref="Capture"/> says no grid.</summary>
    public int? Cells { get; init; }

    /// <summary>The grid's shape: a number, two, or the path of an image that has it.</summary>
    public string? Aspect { get; init; }

    public ModelDevice Device { get; init; } = ModelDevice.Cpu;

    public ModelPrecision Precision { get; init; } = ModelPrecision.Automatic;

    public bool IsSample => Name == Sample;

    /// <summary>The checkpoint folder.</summary>
    public string Directory => IsSample ? SampleLlava.Directory : Name;

    /// <summary>The word for what the images show.</summary>
    public string ObjectFor(VisionLanguageModel model) => Object ?? model.Profile.Object ?? DefaultObject;

    /// <summary>What maps depend on besides the model, in words.</summary>
    public IReadOnlyDictionary<string, string> Record =>
        new Dictionary<string, string>
        {
            ["fit"] = $"{Capture.Fit}",
            ["grid"] = StatedGrid ?? "the model's own",
            ["tiles"] = Capture.Tiles is { } tiles ? $"{tiles.Rows} x {tiles.Columns}" : "the model's own",
            ["views"] = $"{Capture.Views}",
            ["precision"] = $"{Precision}",
        };

    /// <summary>The grid of maps in words.</summary>
    public string GridOf(ModelInfo model) => StatedGrid ?? $"{model.Grid} cells";

    public VisionLanguageModel Load() =>
        VisionLanguageModel.Load(Directory, new VisionLanguageModelOptions { Device = Device, Precision = Precision });

    private string? StatedGrid =>
        Capture.Grid is { } grid ? $"{grid} cells"
        : Cells is not null || Aspect is not null
            ? $"{(Cells is { } cells ? $"about {cells} cells" : "as many cells as the model's own")} of aspect ratio {Aspect ?? "1"}"
        : Capture.Tiles is { } tiles ? $"{tiles.Rows} x {tiles.Columns} tiles"
        : null;
}
