using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Tiles;

/// <summary>A model that reads a whole view and then the tiles' rows of cells, a learned newline after each.</summary>
/// <param name="vision">The tower.</param>
/// <param name="encode">Turns views <c>[views, 3, side, side]</c> into cells <c>[views, cells, width]</c>.</param>
/// <param name="decoder">The language model.</param>
/// <param name="newline">The newline, <c>[width]</c>.</param>
internal sealed class AnyresNetwork(VisionTransformer vision, Func<Tensor, Tensor> encode, IDecoder decoder, Tensor newline) : IModelNetwork
{
    public VisionTransformer Vision => vision;

    /// <inheritdoc/>
    public IDecoder Decoder => decoder;

    /// <inheritdoc/>
    public EncodedImage Encode(Tensor pixels, PreparedImage image)
    {
        using DisposeScope scope = NewDisposeScope();
        return new EncodedImage(Join(EncodeViews(pixels), ((AnyresImage)image).Arrangement).MoveToOuterDisposeScope());
    }

    /// <summary>The cells of every view, <c>[views, cells, width]</c>.</summary>
    public Tensor EncodeViews(Tensor pixels) => ViewGroups.Run(pixels, vision.Tokens, encode);

    /// <summary>The whole view's cells, then the rows of the tiles' joined cells.</summary>
    private Tensor Join(Tensor views, AnyresArrangement arrangement)
    {
        (int rows, int columns, int cells) = (arrangement.Rows, arrangement.Columns, arrangement.Cells);
        long width = views.shape[2];
        Tensor joined = views
            .narrow(0, 1, rows * columns)
            .reshape(rows, columns, cells, cells, width)
            .permute(0, 2, 1, 3, 4)
            .reshape(rows * cells, columns * cells, width)
            .narrow(0, arrangement.CutRows, arrangement.KeptRows)
            .narrow(1, arrangement.CutColumns, arrangement.KeptColumns);
        MapGrid grid = arrangement.Grid;
        if (grid != new MapGrid(arrangement.KeptRows, arrangement.KeptColumns))
        {
            joined = nn
                .functional.interpolate(
                    joined.permute(2, 0, 1).unsqueeze(0),
                    [grid.Height, grid.Width],
                    mode: InterpolationMode.Bilinear,
                    align_corners: false
                )
                .squeeze(0)
                .permute(1, 2, 0);
        }

        Tensor ends = newline.to(joined.dtype).expand(grid.Height, 1, width);
        return cat([views[0], cat([joined, ends], 1).flatten(0, 1)], 0);
    }
}
