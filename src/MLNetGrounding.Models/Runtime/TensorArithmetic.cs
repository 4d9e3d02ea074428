using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Runtime;

/// <summary>Sums and products that involve a number, safe from the garbage collector.</summary>
/// <remarks>
/// TorchSharp's operators pass numbers, the hidden factor 1 of <c>a + b</c> among them, as temporary <see cref="Scalar"/> objects that
/// nothing keeps alive during the native call. A collection at that moment frees the number while libtorch reads it: an exception
/// ("Expected false to be true") or, worse, a wrong result. Here every number outlives its call. Forward passes use these instead of the
/// operators; differences and products of two tensors involve no number and need no help.
/// </remarks>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1;
    private static readonly Scalar Two = 2;

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    public static Tensor PlusInPlace(this Tensor left, Tensor right) => left.add_(right, One);

    public static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.add(scalar, One);
    }

    /// <summary>
    /// Every element squared; TorchSharp's <c>square</c> is a power with a temporary exponent. The gradient is that of a power, which the
    /// sample model was trained with.
    /// </summary>
    public static Tensor Squared(this Tensor tensor) => tensor.pow(Two);

    public static Tensor Times(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.mul(scalar);
    }

    public static Tensor TimesInPlace(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.mul_(scalar);
    }

    public static Tensor FillWhereInPlace(this Tensor tensor, Tensor mask, double number)
    {
        using Scalar scalar = number;
        return tensor.masked_fill_(mask, scalar);
    }
}
