using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>Tower and decoder over weights that someone else owns.</summary>
internal sealed class QwenVlNetwork(ITensorSource source, QwenVlSettings settings) : IModelNetwork
{
    public QwenVisionSettings Settings => settings.Vision;

    public DecoderSettings TextSettings => settings.Text;

    public QwenVisionTower Tower { get; } = new(source, settings.Vision, QwenTensorNames.Tower);

    /// <inheritdoc/>
    public IDecoder Decoder { get; } = new TransformerDecoder(source, settings.Text, QwenTensorNames.Decoder, QwenTensorNames.Head);

    /// <inheritdoc/>
    public EncodedImage Encode(Tensor pixels, PreparedImage image) => Tower.Forward(pixels, image.Span.Layout.Grid);
}
