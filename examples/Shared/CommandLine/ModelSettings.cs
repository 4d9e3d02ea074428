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

    public ImageFit Fit { get; init; } = ImageFit.Pad;

    public ModelDevice Device { get; init; } = ModelDevice.Cpu;

    public ModelPrecision Precision { get; init; } = ModelPrecision.Automatic;

    public bool IsSample => Name == Sample;

    /// <summary>The checkpoint folder.</summary>
    public string Directory => IsSample ? SampleLlava.Directory : Name;

    /// <summary>The word for what the images show.</summary>
    public string ObjectFor(VisionLanguageModel model) => Object ?? model.Profile.Object ?? DefaultObject;

    public VisionLanguageModel Load() => VisionLanguageModel.Load(Directory, new VisionLanguageModelOptions { Device = Device, Precision = Precision });
}
