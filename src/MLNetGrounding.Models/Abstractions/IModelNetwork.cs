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
}
