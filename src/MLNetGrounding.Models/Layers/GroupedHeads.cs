using static TorchSharp.torch;

namespace MLNetGrounding.Models.Layers;

/// <summary>Grouped-query attention: several query heads share one key/value head.</summary>
internal static class GroupedHeads
{
    /// <summary>Gives every query head its own row of <c>[batch, keyValueHeads, tokens, headSize]</c>.</summary>
    public static Tensor Repeat(Tensor shared, int heads) =>
        shared.shape[1] == heads ? shared : shared.repeat_interleave(heads / shared.shape[1], 1);

    /// <summary>
    /// Products of <c>[1, heads, rows, size]</c> and <c>[1, keyValueHeads, keys, size]</c>, <c>[heads, rows, keys]</c>; heads that share
    /// keys are stacked as rows instead of copying the keys.
    /// </summary>
    public static Tensor Scores(Tensor rows, Tensor keys)
    {
        Tensor grouped = rows.reshape(1, keys.shape[1], -1, rows.shape[3]);
        return matmul(grouped, keys.transpose(-1, -2)).reshape(rows.shape[1], rows.shape[2], -1);
    }
}
