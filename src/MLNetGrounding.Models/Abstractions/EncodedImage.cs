using static TorchSharp.torch;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>What an encoder makes of an image.</summary>
/// <param name="Features">What replaces the visual tokens' embeddings, one row a visual token, <c>[visualTokens, width]</c>.</param>
/// <param name="LayerFeatures">What is added to the visual tokens after the first decoder layers, one tensor a layer, each shaped like
/// <paramref name="Features"/>.</param>
internal sealed record EncodedImage(Tensor Features, IReadOnlyList<Tensor> LayerFeatures)
{
    public EncodedImage(Tensor features)
        : this(features, []) { }
}
