using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>A vision tower, up to the hidden states that a connector reads.</summary>
internal sealed class VisionTransformer
{
    private readonly VisionTransformerSettings _settings;
    private readonly Tensor? _classToken;
    private readonly LinearWeights _patches;
    private readonly Tensor _positions;
    private readonly VisionNorm? _firstNorm;
    private readonly VisionNorm? _lastNorm;
    private readonly VisionLayer[] _layers;

    /// <param name="source">Where the weights come from.</param>
    /// <param name="settings">The architecture.</param>
    /// <param name="name">What the names of its tensors begin with.</param>
    /// <param name="layersToRun">How many layers are needed; the others are stated and left aside.</param>
    public VisionTransformer(ITensorSource source, VisionTransformerSettings settings, string name, int layersToRun)
    {
        int width = settings.Width;
        VisionTensorNames names = settings.Names;
        long[] batch = names.HasBatchAxis ? [1] : [];
        _settings = settings;
        _classToken = settings.HasClassToken ? source.Take(name + names.ClassToken, [.. batch, .. batch, width]) : null;
        _patches = new LinearWeights(
            source.Take($"{name}{names.Patches}.weight", width, 3, settings.PatchSize, settings.PatchSize),
            settings.HasPatchBias ? source.Take($"{name}{names.Patches}.bias", width) : null
        );
        _positions = source.Take(name + names.Positions, [.. batch, settings.Tokens, width]);
        _firstNorm = settings.HasFirstNorm ? VisionNorm.Take(source, name + names.FirstNorm, settings, settings.UsesRootMeanSquare) : null;
        _layers = [.. Enumerable.Range(0, layersToRun).Select(layer => new VisionLayer(source, LayerName(layer), settings))];
        for (int layer = layersToRun; layer < settings.Layers; layer++)
        {
            VisionLayer.Skip(source, LayerName(layer), settings);
        }

        if (settings.HasLastNorm)
        {
            _lastNorm = VisionNorm.Take(source, name + names.LastNorm, settings, rootMeanSquare: false);
            return;
        }

        foreach (string unused in (string[])[$"{name}{names.LastNorm}.weight", $"{name}{names.LastNorm}.bias"])
        {
            if (source.Holds(unused))
            {
                source.Skip(unused, width);
            }
        }

        string LayerName(int layer) => $"{name}{names.Layers}{layer}";
    }

    /// <summary>Number of tokens of a view, the class token included.</summary>
    public int Tokens => _settings.Tokens;

    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize => _settings.PatchSize;

    /// <summary>How many layers were built.</summary>
    public int LayersRun => _layers.Length;

    /// <summary>Whether the last layer's output is normed.</summary>
    public bool HasLastNorm => _lastNorm is not null;

    /// <summary>Whether they are all that there are.</summary>
    public bool RunsAll => LayersRun == _settings.Layers;

    /// <summary>Turns pixels into hidden states.</summary>
    /// <param name="pixels"><c>[batch, 3, size, size]</c>.</param>
    /// <param name="states">Which states: 0 is what the first layer reads, k what layer k gives; the last is normed where the tower has a
    /// norm for it.</param>
    /// <param name="mask">Views that are filled in part; <see langword="null"/> where all are full.</param>
    /// <returns>
    /// One tensor a state, <c>[batch, tokens, width]</c>: the class token first where there is one, then the patches row by row.
    /// </returns>
    public IReadOnlyList<Tensor> Forward(Tensor pixels, IReadOnlyList<int> states, PatchMask? mask = null)
    {
        Tensor hidden = Embed(pixels, mask);
        Tensor? keys = mask?.Keys(hidden.device);
        hidden = _firstNorm?.Apply(hidden) ?? hidden;
        Dictionary<int, Tensor> kept = new() { [0] = hidden };
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            using DisposeScope layerScope = NewDisposeScope();
            Tensor read = hidden;
            hidden = _layers[layer].Forward(read, keys).MoveToOuterDisposeScope();
            if (!states.Contains(layer))
            {
                read.Dispose();
            }

            if (states.Contains(layer + 1))
            {
                kept[layer + 1] =
                    _lastNorm is not null && layer + 1 == _settings.Layers ? _lastNorm.Apply(hidden).MoveToOuterDisposeScope() : hidden;
            }
        }

        return [.. states.Select(state => kept[state])];
    }

    /// <summary>Patches and class token with their positions, before any norm, <c>[batch, tokens, width]</c>.</summary>
    public Tensor Embed(Tensor pixels, PatchMask? mask = null)
    {
        Tensor hidden = LinearWeights.Apply(Patches(pixels), _patches.Weight.view(_settings.Width, -1), _patches.Bias);
        if (_classToken is not null)
        {
            hidden = cat([_classToken.expand(pixels.shape[0], 1, _settings.Width), hidden], 1);
        }

        return hidden.Plus(mask is null ? Positions() : Positions(mask.Positions).view(hidden.shape));
    }

    /// <summary>The positions of all tokens; the class token, where there is one, has the table's first row.</summary>
    private Tensor Positions() => _settings.PatchPositions is { } rows ? Positions(rows) : _positions;

    private Tensor Positions(IReadOnlyList<int> rows) =>
        _positions.index_select(0, tensor(rows.Select(row => (long)row).ToArray(), device: _positions.device));

    /// <summary>A convolution whose stride is its size is a matrix product over the patches laid out as rows.</summary>
    private Tensor Patches(Tensor pixels)
    {
        (int side, int patch) = (_settings.Side, _settings.PatchSize);
        long covered = (long)side * patch;
        return pixels
            .narrow(2, 0, covered)
            .narrow(3, 0, covered)
            .reshape(pixels.shape[0], 3, side, patch, side, patch)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(pixels.shape[0], (long)side * side, -1);
    }
}
