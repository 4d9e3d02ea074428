using MLNetGrounding.Models.Layers;

namespace MLNetGrounding.Models.Vision;

/// <summary>A vision tower of CLIP's or SigLIP's kind: patches of a square image through pre-norm transformer layers.</summary>
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

    /// <summary>CLIP's: a class token before the patches, no bias of the patch embedding, and a norm before the first layer. SigLIP's has neither token nor norm, but a bias.</summary>
    public required bool HasClassToken { get; init; }

    /// <summary>Number of patches along a side.</summary>
    public int Side => ImageSize / PatchSize;

    /// <summary>Number of tokens: patches and class token.</summary>
    public int Tokens => (Side * Side) + (HasClassToken ? 1 : 0);
}
