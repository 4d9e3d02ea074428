using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Samples.Checkpoints;

/// <summary>Random values for tensors of any architecture, by what their names say they are for.</summary>
/// <remarks>
/// Query and key weights of the decoder grow from head to head, so that attention ranges from flat to very peaked and head selection has
/// something to select.
/// </remarks>
internal static class RandomValues
{
    // Standard deviation of a head's attention scores, first and last head.
    private const double FlattestScores = 0.3;
    private const double SharpestScores = 60;

    // What a layer adds stays small beside what a token carries, so that tokens stay different through the layers.
    private const double BranchScale = 0.25;
    private const double BiasScale = 0.02;

    private static readonly string[] Branches = ["o_proj", "down_proj", "out_proj", "fc2"];

    /// <summary>Values of one tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">Its dimensions.</param>
    /// <param name="headSize">Width of a head of the decoder.</param>
    /// <param name="normal">Gives normally distributed numbers of some dimensions.</param>
    public static Tensor Of(string name, long[] size, int headSize, Func<long[], Tensor> normal)
    {
        bool isBias = name.EndsWith(".bias", StringComparison.Ordinal);
        if (Has(name, "norm") || Has(name, "layrnorm"))
        {
            return isBias ? zeros(size) : ones(size);
        }

        if (isBias)
        {
            return normal(size).Times(BiasScale);
        }

        if (Has(name, "embed") && !Has(name, "patch"))
        {
            return normal(size);
        }

        // Norms by other names, and scales of layers.
        if (size.Length == 1)
        {
            return ones(size);
        }

        double spread = 1 / Math.Sqrt(size.Skip(1).Aggregate(1L, (product, length) => product * length));
        return MakesQueries(name) || MakesKeys(name) ? normal(size).Times(spread) * Sharpness(size[0] / headSize, headSize)
            : Branches.Any(branch => Has(name, branch)) ? normal(size).Times(spread * BranchScale)
            : normal(size).Times(spread);
    }

    /// <summary>Whether a tensor makes queries of the decoder.</summary>
    public static bool MakesQueries(string name) => Has(name, "q_proj.weight") && !Has(name, "vis");

    private static bool MakesKeys(string name) => Has(name, "k_proj.weight") && !Has(name, "vis");

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.Ordinal);

    /// <summary>Factors <c>[heads × headSize, 1]</c>: the scores of a head spread by the square of its factor.</summary>
    private static Tensor Sharpness(long heads, int headSize)
    {
        double[] factors =
        [
            .. Enumerable
                .Range(0, (int)heads)
                .Select(head =>
                    Math.Sqrt(FlattestScores * Math.Pow(SharpestScores / FlattestScores, heads == 1 ? 1 : (double)head / (heads - 1)))
                ),
        ];
        return tensor(factors, ScalarType.Float32).repeat_interleave(headSize).unsqueeze(1);
    }
}
