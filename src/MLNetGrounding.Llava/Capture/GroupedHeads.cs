using static TorchSharp.torch;

namespace MLNetGrounding.Llava;

/// <summary>Grouped-query attention: several query heads share one key/value head.</summary>
internal static class GroupedHeads
{
    /// <summary>Gives every query head its own row of <c>[batch, keyValueHeads, tokens, headSize]</c>.</summary>
    public static Tensor Repeat(Tensor shared, int heads) =>
        shared.shape[1] == heads ? shared : shared.repeat_interleave(heads / shared.shape[1], 1);
}
