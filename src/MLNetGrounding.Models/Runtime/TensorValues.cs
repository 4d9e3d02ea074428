using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Runtime;

/// <summary>Takes values out of tensors.</summary>
internal static class TensorValues
{
    /// <summary>Copies the values, in row-major order, to <paramref name="destination"/>.</summary>
    public static void CopyTo(this Tensor tensor, Span<float> destination)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = tensor.to(ScalarType.Float32).cpu().contiguous();
        values.Floats().CopyTo(destination);
        GC.KeepAlive(values);
    }

    /// <summary>The memory of a contiguous float32 tensor on the CPU; the tensor must outlive its use.</summary>
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>The values in row-major order, copied.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        float[] values = new float[tensor.numel()];
        tensor.CopyTo(values);
        return values;
    }
}
