using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Takes values out of tensors.</summary>
internal static class TensorValues
{
    /// <summary>Copies the values, in row-major order, to <paramref name="destination"/>.</summary>
    public static void CopyTo(this Tensor tensor, Span<float> destination)
    {
        using var scope = NewDisposeScope();
        Tensor values = tensor.to(ScalarType.Float32).cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(values.bytes).CopyTo(destination);
        GC.KeepAlive(values);
    }

    /// <summary>The values in row-major order.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        float[] values = new float[tensor.numel()];
        tensor.CopyTo(values);
        return values;
    }
}
