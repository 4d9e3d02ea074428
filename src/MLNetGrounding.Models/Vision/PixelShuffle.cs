using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>Makes one cell of a square of neighboring patches, side by side along their width.</summary>
internal static class PixelShuffle
{
    /// <summary>Joins squares of patches.</summary>
    /// <param name="patches">Patches of square views row by row, <c>[views, side × side, width]</c>.</param>
    /// <param name="factor">Side of the squares, which divides that of a view.</param>
    /// <returns><c>[views, cells, factor × factor × width]</c>: the patches of a square row by row.</returns>
    public static Tensor Apply(Tensor patches, int factor)
    {
        long views = patches.shape[0];
        long cells = (long)Math.Sqrt(patches.shape[1]) / factor;
        return patches.view(views, cells, factor, cells, factor, -1).permute(0, 1, 3, 2, 4, 5).reshape(views, cells * cells, -1);
    }
}
