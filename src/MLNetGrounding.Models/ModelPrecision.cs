namespace MLNetGrounding;

/// <summary>
/// The type that weights are kept in, and hidden states too where the processor multiplies it. Attention maps are float32 in any case.
/// </summary>
/// <remarks>
/// A CPU without 16-bit matrix instructions (AVX512-BF16 or AMX) computes in float32 and widens weights as they are used, which is about 8
/// times faster than libtorch's own 16-bit products there.
/// </remarks>
public enum ModelPrecision
{
    /// <summary>
    /// The type on disk, which needs no copy. On CPUs with 16-bit matrix instructions float16 becomes bfloat16, the only 16-bit type they
    /// are fast in; on every CPU checkpoints below 256 MiB become float32, which is no slower for small matrices and more exact.
    /// </summary>
    Automatic,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit floating point with the range of float32.</summary>
    BFloat16,

    /// <summary>16-bit floating point with more precision and less range; on CUDA only.</summary>
    Float16,
}
