using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>The vision tower of the families.</summary>
/// <remarks>
/// Attention is fused and goes window by window, so that no matrix of scores and no mask exists, and the feed-forward part takes some
/// patches at a time. Memory is thus in proportion to the patches: at most about a dozen hidden states of each, queries, keys and values
/// among them.
/// </remarks>
internal sealed class QwenVisionTower
{
    private readonly QwenVisionSettings _settings;
    private readonly LinearWeights _patchEmbedding;
    private readonly Tensor? _positions;
    private readonly QwenVisionLayer[] _layers;
    private readonly PatchMerger _merger;
    private readonly PatchMerger[] _deepMergers;

    /// <param name="source">Where the weights come from.</param>
    /// <param name="settings">The architecture.</param>
    /// <param name="name">What the names of its tensors begin with.</param>
    public QwenVisionTower(ITensorSource source, QwenVisionSettings settings, string name)
    {
        _settings = settings;
        Tensor patches = source.Take(
            name + "patch_embed.proj.weight",
            settings.Width,
            3,
            settings.Frames,
            settings.PatchSize,
            settings.PatchSize
        );
        _patchEmbedding = new LinearWeights(
            patches,
            settings.PatchBias ? source.Take(name + "patch_embed.proj.bias", settings.Width) : null
        );
        _positions =
            settings.PositionSide == 0
                ? null
                : source.Take(name + "pos_embed.weight", (long)settings.PositionSide * settings.PositionSide, settings.Width);
        _layers = [.. Enumerable.Range(0, settings.Layers).Select(layer => new QwenVisionLayer(source, $"{name}blocks.{layer}", settings))];
        _merger = new PatchMerger(source, name + "merger.", settings, normsCells: false);
        _deepMergers =
        [
            .. settings.DeepLayers.Select(
                (_, index) => new PatchMerger(source, $"{name}deepstack_merger_list.{index}.", settings, normsCells: true)
            ),
        ];
    }

    /// <summary>Turns patches into visual tokens, row by row.</summary>
    /// <param name="patches">Cell by cell, cells row by row, <c>[patches, numbers]</c>.</param>
    /// <param name="grid">The grid of cells.</param>
    /// <param name="layer">Is given the number of each layer and what it gives, in the order of <see cref="Order"/>; for tests.</param>
    /// <returns>Tensors of the caller's dispose scope.</returns>
    public EncodedImage Forward(Tensor patches, MapGrid grid, Action<int, Tensor>? layer = null)
    {
        using DisposeScope scope = NewDisposeScope();
        WindowOrder order = Order(grid);
        PatchPlaces places = new(grid, _settings.MergeSize, order.Cells);
        RotaryTable rotation = places.Rotation(_settings.Width / _settings.Heads, _settings.Theta, patches.dtype, patches.device);
        WindowGroup[] windows =
        [
            .. order.Groups.Select(group => new WindowGroup(
                group.Start * _settings.CellPatches,
                group.Windows,
                group.Tokens * _settings.CellPatches
            )),
        ];
        WindowGroup[] whole = [new(0, 1, grid.Cells * _settings.CellPatches)];

        Tensor hidden = Project(InOrder(patches, order, _settings.CellPatches));
        hidden = Positions(places)?.to(hidden.dtype).Plus(hidden) ?? hidden;
        List<Tensor> deep = [];
        for (int index = 0; index < _layers.Length; index++)
        {
            using DisposeScope layerScope = NewDisposeScope();
            bool isFull = _settings.WindowCells == 0 || _settings.FullLayers.Contains(index);
            Tensor next = _layers[index].Forward(hidden, rotation, isFull ? whole : windows).MoveToOuterDisposeScope();
            hidden.Dispose();
            hidden = next;
            layer?.Invoke(index, hidden);
            for (int merger = 0; merger < _deepMergers.Length; merger++)
            {
                if (_settings.DeepLayers[merger] == index)
                {
                    deep.Add(RowByRow(_deepMergers[merger].Forward(hidden), order).MoveToOuterDisposeScope());
                }
            }
        }

        Tensor features = RowByRow(_merger.Forward(hidden), order);
        return new EncodedImage(features.MoveToOuterDisposeScope(), [.. deep.Select(each => each.MoveToOuterDisposeScope())]);
    }

    /// <summary>The order in which layers read the cells.</summary>
    public WindowOrder Order(MapGrid grid) =>
        WindowOrder.Of(grid, _settings.WindowCells == 0 ? Math.Max(grid.Height, grid.Width) : _settings.WindowCells);

    /// <summary>Patches to hidden states <c>[patches, width]</c>, without their positions.</summary>
    public Tensor Project(Tensor patches) =>
        LinearWeights.Apply(patches, _patchEmbedding.Weight.view(_settings.Width, -1), _patchEmbedding.Bias);

    /// <summary>
    /// The learned positions of patches, <c>[patches, width]</c> in float32, or <see langword="null"/> where there are none.
    /// </summary>
    public Tensor? Positions(PatchPlaces places) => _positions is null ? null : places.Stretch(_positions, _settings.PositionSide);

    private static Tensor InOrder(Tensor patches, WindowOrder order, int cellPatches)
    {
        long[] cells = [.. order.Cells.Select(cell => (long)cell)];
        return order.Groups.Count == 1 && order.Groups[0].Windows == 1
            ? patches
            : patches.view(cells.Length, cellPatches, -1).index_select(0, tensor(cells, device: patches.device)).view(patches.shape);
    }

    private static Tensor RowByRow(Tensor tokens, WindowOrder order) =>
        order.Groups.Count == 1 && order.Groups[0].Windows == 1
            ? tokens
            : tokens.index_select(0, tensor(order.Places(), device: tokens.device));
}
