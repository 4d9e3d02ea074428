using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>Runs the views of an image through a tower a few at a time, so that many of them need no more memory than a few.</summary>
internal static class ViewGroups
{
    // About four views of today's towers.
    private const int MostTokens = 4096;

    /// <summary>Runs all views.</summary>
    /// <param name="pixels"><c>[views, ...]</c>.</param>
    /// <param name="tokensOfView">How many tokens a view has inside the tower.</param>
    /// <param name="run">Turns views into features, <c>[views, ...]</c>.</param>
    public static Tensor Run(Tensor pixels, int tokensOfView, Func<Tensor, Tensor> run)
    {
        long views = pixels.shape[0];
        long size = Math.Max(1, MostTokens / tokensOfView);
        if (views <= size)
        {
            return run(pixels);
        }

        List<Tensor> groups = [];
        for (long first = 0; first < views; first += size)
        {
            using DisposeScope scope = NewDisposeScope();
            groups.Add(run(pixels.narrow(0, first, Math.Min(size, views - first))).MoveToOuterDisposeScope());
        }

        return cat(groups, 0);
    }
}
