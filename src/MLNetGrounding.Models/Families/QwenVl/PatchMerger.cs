using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>Makes one visual token of the patches of each cell: side by side, through two linear layers.</summary>
internal sealed class PatchMerger
{
    private readonly QwenNorm _norm;
    private readonly LinearWeights _first;
    private readonly LinearWeights _second;
    private readonly bool _normsCells;
    private readonly long _cellWidth;

    /// <param name="source">Where the weights come from.</param>
    /// <param name="name">What the names of its tensors begin with, a final stop included.</param>
    /// <param name="settings">The tower.</param>
    /// <param name="normsCells">Whether the norm is over the patches of a cell together; otherwise it is over each alone.</param>
    public PatchMerger(ITensorSource source, string name, QwenVisionSettings settings, bool normsCells)
    {
        int cellWidth = settings.CellPatches * settings.Width;
        _normsCells = normsCells;
        _cellWidth = cellWidth;
        _norm = new QwenNorm(source, name + settings.Merger.Norm, normsCells ? cellWidth : settings.Width, settings);
        _first = LinearWeights.Take(source, name + settings.Merger.First, cellWidth, cellWidth, bias: true);
        _second = LinearWeights.Take(source, name + settings.Merger.Second, cellWidth, settings.OutputWidth, bias: true);
    }

    /// <summary>Hidden states <c>[patches, width]</c> to visual tokens <c>[cells, outputWidth]</c>.</summary>
    public Tensor Forward(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor cells = _normsCells ? _norm.Apply(hidden.view(-1, _cellWidth)) : _norm.Apply(hidden).view(-1, _cellWidth);
        return _second.Apply(Activation.Gelu.Apply(_first.Apply(cells))).MoveToOuterDisposeScope();
    }
}
