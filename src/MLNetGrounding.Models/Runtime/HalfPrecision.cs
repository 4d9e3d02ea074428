using System.Runtime.Intrinsics.X86;

namespace MLNetGrounding.Models.Runtime;

/// <summary>Whether the processor multiplies 16-bit matrices itself.</summary>
internal static class HalfPrecision
{
    /// <summary>
    /// Without such instructions libtorch's bfloat16 products are about 8 times slower than float32 ones (AMD EPYC 7003); with them, about
    /// twice as fast. Where it cannot be known, as on Arm, float32 is the safe choice.
    /// </summary>
    public static bool IsFastOnCpu { get; } = X86Base.IsSupported && HasBrainFloat();

    private static bool HasBrainFloat()
    {
        const int ExtendedFeatures = 7;
        const int AmxBrainFloat = 1 << 22;
        const int AvxBrainFloat = 1 << 5;
        (int subleaves, _, _, int features) = X86Base.CpuId(ExtendedFeatures, 0);
        return (features & AmxBrainFloat) != 0 || (subleaves > 0 && (X86Base.CpuId(ExtendedFeatures, 1).Eax & AvxBrainFloat) != 0);
    }
}
