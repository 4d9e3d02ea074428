namespace MLNetGrounding.Models.Vision;

/// <summary>
/// What the tensors of a <see cref="VisionTransformer"/> are called, less what all of its names begin with. Default: as CLIP's and SigLIP's
/// are.
/// </summary>
internal sealed record VisionTensorNames
{
    /// <summary>The class token.</summary>
    public string ClassToken { get; init; } = "embeddings.class_embedding";

    /// <summary>The positions.</summary>
    public string Positions { get; init; } = "embeddings.position_embedding.weight";

    /// <summary>Axes of length 1 before those of the positions; the class token has two of them then, and none otherwise.</summary>
    public bool HasBatchAxis { get; init; }

    /// <summary>The patches' projection.</summary>
    public string Patches { get; init; } = "embeddings.patch_embedding";

    /// <summary>The norm before the first layer; spelled so on disk.</summary>
    public string FirstNorm { get; init; } = "pre_layrnorm";

    /// <summary>The norm after the last layer.</summary>
    public string LastNorm { get; init; } = "post_layernorm";

    /// <summary>What the names of layers begin with, up to the number.</summary>
    public string Layers { get; init; } = "encoder.layers.";

    /// <summary>The attention part, inside a layer.</summary>
    public string Attention { get; init; } = "self_attn";

    /// <summary>The attention's output projection, inside the attention part.</summary>
    public string Output { get; init; } = "out_proj";

    /// <summary>The norm before the attention.</summary>
    public string AttentionNorm { get; init; } = "layer_norm1";

    /// <summary>The norm before the feed-forward part.</summary>
    public string FeedForwardNorm { get; init; } = "layer_norm2";
}
