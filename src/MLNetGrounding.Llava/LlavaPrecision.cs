namespace MLNetGrounding.Llava;

/// <summary>The type that weights and hidden states are kept in. Attention maps are float32 in any case.</summary>
public enum LlavaPrecision
{
    /// <summary>The type on disk, which needs no copy; float16 becomes bfloat16 on the CPU, where float16 is about 200 times slower.</summary>
    Automatic,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit floating point with the range of float32.</summary>
    BFloat16,

    /// <summary>16-bit floating point with more precision and less range; on CUDA only.</summary>
    Float16,
}
