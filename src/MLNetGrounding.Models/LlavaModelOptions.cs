namespace MLNetGrounding;

/// <summary>How a checkpoint is opened.</summary>
public sealed record LlavaModelOptions
{
    /// <summary>Where the model runs. Default <see cref="LlavaDevice.Cpu"/>.</summary>
    public LlavaDevice Device { get; init; }

    /// <summary>Which GPU, from 0. Default 0.</summary>
    public int DeviceIndex { get; init; }

    /// <summary>The type of weights and hidden states. Default <see cref="LlavaPrecision.Automatic"/>.</summary>
    public LlavaPrecision Precision { get; init; }
}
