using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.InternVl;

/// <summary>Tower, projector and decoder over weights that someone else owns.</summary>
internal sealed class InternVlNetwork : IModelNetwork
{
    private readonly InternVlSettings _settings;
    private readonly LayerNormWeights _norm;
    private readonly LinearWeights _first;
    private readonly LinearWeights _second;

    public InternVlNetwork(ITensorSource source, InternVlSettings settings)
    {
        const string projector = InternVlTensorNames.Projector;
        int joined = settings.Vision.Width * settings.Factor * settings.Factor;
        int width = settings.Text.Width;
        _settings = settings;
        Vision = new VisionTransformer(source, settings.Vision, InternVlTensorNames.Tower, settings.FeatureState);
        _norm = LayerNormWeights.Take(source, projector + "layer_norm", joined);
        _first = LinearWeights.Take(source, projector + "linear_1", joined, width, bias: true);
        _second = LinearWeights.Take(source, projector + "linear_2", width, width, bias: true);
        Decoder = new TransformerDecoder(source, settings.Text, InternVlTensorNames.Decoder, InternVlTensorNames.Head);
    }

    public VisionTransformer Vision { get; }

    /// <inheritdoc/>
    public IDecoder Decoder { get; }

    /// <inheritdoc/>
    public EncodedImage Encode(Tensor pixels, PreparedImage image)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = ViewGroups.Run(
            pixels,
            Vision.Tokens,
            views => Project(Shuffle(Vision.Forward(views, [_settings.FeatureState])[0]))
        );
        return new EncodedImage(features.flatten(0, 1).MoveToOuterDisposeScope());
    }

    /// <summary>Hidden states of the tower to cells, the class token left out, <c>[views, cells, joined width]</c>.</summary>
    public Tensor Shuffle(Tensor hidden) => PixelShuffle.Apply(hidden.narrow(1, 1, hidden.shape[1] - 1).contiguous(), _settings.Factor);

    private Tensor Project(Tensor cells) =>
        _second.Apply(_settings.ProjectorActivation.Apply(_first.Apply(_norm.Apply(cells, InternVlSettings.ProjectorNormEpsilon))));
}
