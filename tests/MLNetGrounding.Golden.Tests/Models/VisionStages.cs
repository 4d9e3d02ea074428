using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.InternVl;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Families.QwenVl;
using MLNetGrounding.Models.Families.SmolVlm;
using MLNetGrounding.Models.Tiles;
using MLNetGrounding.Models.Vision;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>
/// What a tower computes on the way, by the names that golden data has for it; a family without an entry is compared at its features alone.
/// </summary>
internal static class VisionStages
{
    public static IEnumerable<(string Name, Tensor Values)> Of(IModelNetwork network, Tensor pixels, PreparedImage image) =>
        network switch
        {
            LlavaNetwork llava => Llava(llava, pixels),
            InternVlNetwork intern => Views(intern.Vision, pixels, intern.Shuffle),
            SmolVlmNetwork smol => Views(smol.Vision, pixels, smol.Shuffle),
            AnyresNetwork anyres => Anyres(anyres, pixels),
            QwenVlNetwork qwen => Qwen(qwen, pixels, image.Span.Layout.Grid),
            _ => [],
        };

    private static IEnumerable<(string, Tensor)> Anyres(AnyresNetwork network, Tensor pixels)
    {
        yield return ("vision_embeddings", network.Vision.Embed(pixels));
        if (network.Vision.RunsAll)
        {
            yield return ("vision_layer_last", network.Vision.Forward(pixels, [network.Vision.LayersRun])[0]);
        }

        yield return ("projected", network.EncodeViews(pixels));
    }

    private static IEnumerable<(string, Tensor)> Views(VisionTransformer tower, Tensor pixels, Func<Tensor, Tensor> shuffle)
    {
        Tensor last = tower.Forward(pixels, [tower.LayersRun])[0];
        yield return ("vision_embeddings", tower.Embed(pixels));
        yield return ("vision_layer_0", tower.Forward(pixels, [1])[0]);
        if (tower.RunsAll)
        {
            yield return (tower.HasLastNorm ? "vision_post_layernorm" : "vision_layer_last", last);
        }

        yield return ("pixel_shuffle", shuffle(last));
    }

    private static IEnumerable<(string, Tensor)> Llava(LlavaNetwork network, Tensor pixels)
    {
        yield return ("vision_embeddings", network.Vision.Embed(pixels));
        yield return ("vision_layer_0", network.Vision.Forward(pixels, [1])[0]);
        if (network.Vision.RunsAll)
        {
            yield return ("vision_layer_last", network.Vision.Forward(pixels, [network.Vision.LayersRun])[0]);
        }
    }

    /// <summary>Layers read cells window by window, in an order of their own; golden data has windows row by row.</summary>
    private static IEnumerable<(string, Tensor)> Qwen(QwenVlNetwork network, Tensor pixels, MapGrid grid)
    {
        QwenVisionSettings settings = network.Settings;
        WindowOrder order = network.Tower.Order(grid);
        int[] windows = Windows(grid, settings.WindowCells);
        yield return ("vision_patch_embed", network.Tower.Project(pixels));
        if (network.Tower.Positions(new PatchPlaces(grid, settings.MergeSize, [.. Enumerable.Range(0, grid.Cells)])) is { } positions)
        {
            yield return ("vision_position_embeddings", positions);
        }

        List<(string, Tensor)> layers = [];
        EncodedImage encoded = network.Tower.Forward(
            pixels,
            grid,
            (layer, hidden) => layers.Add(($"vision_block_{layer}", InWindows(hidden).DetachFromDisposeScope()))
        );
        foreach ((string name, Tensor values) in layers)
        {
            using (values)
            {
                yield return (name, values);
            }
        }

        yield return (
            "vision_merger",
            encoded.Features.index_select(0, tensor([.. windows.Select(cell => (long)cell)], device: encoded.Features.device))
        );
        for (int index = 0; index < encoded.LayerFeatures.Count; index++)
        {
            yield return ($"vision_deepstack_{index}", encoded.LayerFeatures[index]);
        }

        Tensor InWindows(Tensor hidden)
        {
            long[] places = order.Places();
            return hidden
                .view(grid.Cells, settings.CellPatches, -1)
                .index_select(0, tensor([.. windows.Select(cell => places[cell])], device: hidden.device))
                .flatten(0, 1);
        }
    }

    /// <summary>The cells window by window, windows row by row; just row by row without windows.</summary>
    private static int[] Windows(MapGrid grid, int side) =>
        side == 0
            ? [.. Enumerable.Range(0, grid.Cells)]
            : [.. Enumerable.Range(0, grid.Cells).OrderBy(cell => (cell / grid.Width / side, cell % grid.Width / side, cell))];
}
