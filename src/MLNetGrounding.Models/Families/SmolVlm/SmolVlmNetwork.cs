using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.SmolVlm;

/// <summary>Tower, connector and decoder over weights that someone else owns.</summary>
internal sealed class SmolVlmNetwork : IModelNetwork
{
    private readonly SmolVlmSettings _settings;
    private readonly LinearWeights _connector;

    public SmolVlmNetwork(ITensorSource source, SmolVlmSettings settings)
    {
        _settings = settings;
        Vision = new VisionTransformer(source, settings.Vision, SmolVlmTensorNames.Tower, settings.Vision.Layers);
        _connector = LinearWeights.Take(
            source,
            SmolVlmTensorNames.Connector,
            settings.Vision.Width * settings.Factor * settings.Factor,
            settings.Text.Width,
            bias: false
        );
        Decoder = new TransformerDecoder(source, settings.Text, SmolVlmTensorNames.Decoder, SmolVlmTensorNames.Head);
    }

    public VisionTransformer Vision { get; }

    /// <inheritdoc/>
    public IDecoder Decoder { get; }

    /// <inheritdoc/>
    public EncodedImage Encode(Tensor pixels, PreparedImage image)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = ViewGroups.Run(pixels, Vision.Tokens, views => Encode(views));
        return new EncodedImage(features.flatten(0, 1).MoveToOuterDisposeScope());
    }

    /// <summary>Views to cells, <c>[views, cells, width]</c>.</summary>
    /// <param name="views"><c>[views, 3, side, side]</c>.</param>
    /// <param name="mask">Which of their patches show an image. The family's processor fills every view of a single image; pixels from
    /// elsewhere may not.</param>
    public Tensor Encode(Tensor views, PatchMask? mask = null) =>
        _connector.Apply(Shuffle(Vision.Forward(views, [_settings.Vision.Layers], mask)[0]));

    /// <summary>Hidden states of the tower to cells, <c>[views, cells, joined width]</c>.</summary>
    public Tensor Shuffle(Tensor hidden) => PixelShuffle.Apply(hidden, _settings.Factor);
}
