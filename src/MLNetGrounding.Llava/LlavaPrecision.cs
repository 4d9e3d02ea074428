namespace MLNetGrounding.Llava;

/// <summary>The type that weights and hidden states are kept in. Attention maps are float32 in any case.</summary>
public enum LlavaPrecision
{
    /// <summary>
    /// The type on disk, which needs no copy. On the CPU float16 becomes bfloat16, since float16 is about 200 times slower there, and
    /// checkpoints below 256 MiB become float32, which is no slower for small matrices and more exact.
    /// </summary>
    Automatic,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit floating point with the range of float32.</summary>
    BFloat16,

    /// <summary>16-bit floating point with more precision and less range; on CUDA only.</summary>
    Float16,
}
