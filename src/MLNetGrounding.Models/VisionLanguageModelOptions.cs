namespace MLNetGrounding;

/// <summary>How a checkpoint is opened.</summary>
public sealed record VisionLanguageModelOptions
{
    /// <summary>Where the model runs. Default <see cref="ModelDevice.Cpu"/>.</summary>
    public ModelDevice Device { get; init; }

    /// <summary>Which GPU, from 0. Default 0.</summary>
    public int DeviceIndex { get; init; }

    /// <summary>The type of weights and hidden states. Default <see cref="ModelPrecision.Automatic"/>.</summary>
    public ModelPrecision Precision { get; init; }
}
