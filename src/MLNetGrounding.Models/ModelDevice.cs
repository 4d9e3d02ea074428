namespace MLNetGrounding;

/// <summary>Where a model runs.</summary>
public enum ModelDevice
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU; needs an application built with a CUDA back end.</summary>
    Cuda,
}
