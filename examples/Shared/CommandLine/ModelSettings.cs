namespace MLNetGrounding.Examples;

/// <summary>Which model the command line asks for, and how it runs.</summary>
internal sealed record ModelSettings
{
    public const string Sample = "sample";

    /// <summary>A checkpoint folder or <see cref="Sample"/>.</summary>
    public string Name { get; init; } = Sample;

    public ImageFit Fit { get; init; } = ImageFit.Pad;

    public LlavaDevice Device { get; init; } = LlavaDevice.Cpu;

    public LlavaPrecision Precision { get; init; } = LlavaPrecision.Automatic;

    public bool IsSample => Name == Sample;

    /// <summary>The checkpoint folder.</summary>
    public string Directory => IsSample ? SampleLlava.Directory : Name;

    public LlavaModel Load() => LlavaModel.Load(Directory, new LlavaModelOptions { Device = Device, Precision = Precision });
}
