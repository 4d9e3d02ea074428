using static TorchSharp.torch;

namespace MLNetGrounding.Models.Abstractions;

/// <summary>The networks of a model.</summary>
internal interface IModelNetwork
{
    /// <summary>The language model.</summary>
    IDecoder Decoder { get; }

    /// <summary>Turns an image into visual tokens.</summary>
    /// <param name="pixels">The values of a <see cref="PreparedImage"/>, in its shape, of the type and on the device of hidden
    /// states.</param>
    /// <param name="image">The image.</param>
    /// <returns>Tensors of the caller's dispose scope.</returns>
    EncodedImage Encode(Tensor pixels, PreparedImage image);

    /// <summary>Turns several images into visual tokens, together where the family can.</summary>
    /// <param name="pixels">The values of each image.</param>
    /// <param name="images">The images, of the same size.</param>
    /// <returns>Tensors of the caller's dispose scope.</returns>
    IReadOnlyList<EncodedImage> Encode(IReadOnlyList<Tensor> pixels, IReadOnlyList<PreparedImage> images) =>
        [.. pixels.Zip(images, Encode)];
}
