using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Vision;

/// <summary>A vision tower: patches of a square image through pre-norm transformer layers.</summary>
internal sealed record VisionTransformerSettings
{
    /// <summary>Width of hidden states.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>Number of layers on disk.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Side of the square image in pixels; it need not be a multiple of the patch, the rest is then never seen.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Added to the variance inside norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>The function of the feed-forward part.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Whether a class token stands before the patches.</summary>
    public required bool HasClassToken { get; init; }

    /// <summary>Whether the patches' projection has a bias.</summary>
    public bool HasPatchBias { get; init; }

    /// <summary>Whether there is a norm before the first layer.</summary>
    public bool HasFirstNorm { get; init; }

    /// <summary>Whether the last layer's output is normed; otherwise a norm that is stored is left aside.</summary>
    public bool HasLastNorm { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool HasQueryKeyValueBias { get; init; } = true;

    /// <summary>Whether queries and keys are normed by their mean square, over all heads at once.</summary>
    public bool NormsQueryKey { get; init; }

    /// <summary>
    /// Whether norms divide by the root of the mean square and nothing else; that after the last layer is a layer norm all the same.
    /// </summary>
    public bool UsesRootMeanSquare { get; init; }

    /// <summary>Whether what a layer adds to hidden states is scaled, element by element.</summary>
    public bool HasLayerScales { get; init; }

    /// <summary>Which row of the position table each patch reads, row by row; <see langword="null"/> for one after the other.</summary>
    public IReadOnlyList<int>? PatchPositions { get; init; }

    /// <summary>What its tensors are called.</summary>
    public VisionTensorNames Names { get; init; } = new();

    /// <summary>Number of patches along a side.</summary>
    public int Side => ImageSize / PatchSize;

    /// <summary>Number of tokens: patches and class token.</summary>
    public int Tokens => (Side * Side) + (HasClassToken ? 1 : 0);
}
