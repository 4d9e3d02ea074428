namespace MLNetGrounding.Examples;

/// <summary>Which model the command line asks for, and how it runs.</summary>
internal sealed record ModelSettings
{
    public const string Sample = "sample";

    /// <summary>A checkpoint folder or <see cref="Sample"/>.</summary>
    public string Name { get; init; } = Sample;

    public ImageFit Fit { get; init; } = ImageFit.Pad;

    public ModelDevice Device { get; init; } = ModelDevice.Cpu;

    public ModelPrecision Precision { get; init; } = ModelPrecision.Automatic;

    public bool IsSample => Name == Sample;

    /// <summary>The checkpoint folder.</summary>
    public string Directory => IsSample ? SampleLlava.Directory : Name;

    public VisionLanguageModel Load() => VisionLanguageModel.Load(Directory, new VisionLanguageModelOptions { Device = Device, Precision = Precision });
}
