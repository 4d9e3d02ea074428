using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>
/// A vision tower for images of any shape: patches through pre-norm layers with two-dimensional rotary positions, merged cell by cell.
/// </summary>
internal sealed record QwenVisionSettings
{
    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of hidden states.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>Number of attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of what is made of a cell, the decoder's.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Side of a cell in patches: so many by so many are merged into one visual token.</summary>
    public required int MergeSize { get; init; }

    /// <summary>Number of frames in a patch; those of a still image are equal.</summary>
    public required int Frames { get; init; }

    /// <summary>The base of rotary positions.</summary>
    public required double Theta { get; init; }

    /// <summary>The function of the feed-forward part.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Whether norms divide by the root mean square and have no bias; otherwise they are layer norms.</summary>
    public bool RootMeanSquareNorms { get; init; }

    /// <summary>
    /// The names of the feed-forward part's layers, the last of which contracts; where there are three, the first gates the second.
    /// </summary>
    public required IReadOnlyList<string> FeedForward { get; init; }

    /// <summary>The names of a merger's norm and linear layers.</summary>
    public required (string Norm, string First, string Second) Merger { get; init; }

    /// <summary>Whether the patch embedding has a bias.</summary>
    public bool PatchBias { get; init; }

    /// <summary>Side of the square table of learned positions, which is stretched over the image; 0 for none.</summary>
    public int PositionSide { get; init; }

    /// <summary>Side in cells of the windows that most layers attend in; 0 for none.</summary>
    public int WindowCells { get; init; }

    /// <summary>The layers that attend over the whole image where there are windows.</summary>
    public IReadOnlySet<int> FullLayers { get; init; } = new HashSet<int>();

    /// <summary>
    /// The layers after which hidden states are merged for the decoder's first layers, each by the merger at its place here.
    /// </summary>
    public IReadOnlyList<int> DeepLayers { get; init; } = [];

    /// <summary>Side of a cell in pixels.</summary>
    public int CellSize => PatchSize * MergeSize;

    /// <summary>Patches of a cell.</summary>
    public int CellPatches => MergeSize * MergeSize;

    /// <summary>Numbers of a patch: red, green and blue, frame by frame, row by row.</summary>
    public int PatchNumbers => 3 * Frames * PatchSize * PatchSize;
}
