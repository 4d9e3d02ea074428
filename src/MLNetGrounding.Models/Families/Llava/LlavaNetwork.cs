using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>Tower, projector and decoder over weights that someone else owns.</summary>
internal sealed class LlavaNetwork : IModelNetwork
{
    private readonly LlavaSettings _settings;

    public LlavaNetwork(ITensorSource source, LlavaSettings settings)
    {
        _settings = settings;
        Vision = new VisionTransformer(source, settings.Vision, LlavaTensorNames.Tower, settings.VisionLayersToRun);
        Projector = new Projector(source, settings);
        Decoder = new TransformerDecoder(source, settings.Text, LlavaTensorNames.Decoder, LlavaTensorNames.Head);
    }

    public VisionTransformer Vision { get; }

    public Projector Projector { get; }

    /// <inheritdoc/>
    public IDecoder Decoder { get; }

    /// <inheritdoc/>
    public EncodedImage Encode(Tensor pixels, PreparedImage image)
    {
        using DisposeScope scope = NewDisposeScope();
        return new EncodedImage(EncodeImages(pixels)[0].MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public IReadOnlyList<EncodedImage> Encode(IReadOnlyList<Tensor> pixels, IReadOnlyList<PreparedImage> images)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = EncodeImages(cat([.. pixels], 0));
        return [.. Enumerable.Range(0, images.Count).Select(image => new EncodedImage(features[image].MoveToOuterDisposeScope()))];
    }

    /// <summary>Pixels <c>[batch, 3, size, size]</c> to visual tokens <c>[batch, visualTokens, width]</c>.</summary>
    public Tensor EncodeImages(Tensor pixels) => Projector.Forward(Features(Vision.Forward(pixels, _settings.FeatureStates)));

    /// <summary>Joins the hidden states that are projected, <c>[batch, visualTokens, towerWidth × states]</c>.</summary>
    public Tensor Features(IReadOnlyList<Tensor> states)
    {
        Tensor[] selected = [.. states.Select(state => _settings.DropsFirst ? state.narrow(1, 1, state.shape[1] - 1) : state)];
        return selected.Length == 1 ? selected[0] : cat(selected, -1);
    }
}
