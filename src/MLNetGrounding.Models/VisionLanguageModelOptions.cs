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

    /// <summary>
    /// Whether weight files are mapped into memory, so that opening takes no time, several processes share one copy, and a checkpoint may
    /// be larger than memory. Default <see langword="true"/>.
    /// </summary>
    /// <remarks>
    /// Mapped files must be left alone while the model is in use. Their length and time of change are compared before and after every
    /// image, and a difference is a <see cref="CheckpointException"/>; but a file that is made shorter during one ends the process (SIGBUS
    /// on Linux), and bytes that are overwritten while the file's time is kept are not noticed unless they make attention infinite or NaN.
    /// Where others may write to the files, or they lie on a network share that may go away, set this to <see langword="false"/>: all
    /// weights are then read when the model is opened, which needs memory for them.
    /// </remarks>
    public bool MapWeights { get; init; } = true;
}
