using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Sums of tensors that a garbage collection at the wrong moment cannot spoil.</summary>
/// <remarks>
/// TorchSharp's <c>a + b</c> passes a temporary <see cref="Scalar"/> of one and keeps only its native handle, so a collection on another
/// thread can free it while the native call still reads it. Scalars here live as long as the process. The same holds for any other
/// number that is handed to a tensor operation: give it a field or a <c>using</c>.
/// </remarks>
internal static class Sums
{
    private static readonly Scalar One = 1;
    private static readonly Scalar MinusOne = -1;

    /// <summary><c>left + right</c>.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary><c>left + right</c> for a number that the caller keeps alive.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, One);

    /// <summary><c>left - right</c>.</summary>
    public static Tensor Minus(this Tensor left, Tensor right) => left.add(right, MinusOne);
}
