using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Language;
using MLNetGrounding.Models.Vision;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.Llava;

/// <summary>The three networks of LLaVA 1.5 over weights that someone else owns.</summary>
internal sealed class LlavaNetwork
{
    public LlavaNetwork(ITensorSource source, LlavaConfiguration configuration)
    {
        Configuration = configuration;
        Vision = new ClipVisionTower(source, configuration);
        Projector = new MultiModalProjector(source, configuration);
        Language = new LlamaDecoder(source, configuration);
    }

    public LlavaConfiguration Configuration { get; }

    public ClipVisionTower Vision { get; }

    public MultiModalProjector Projector { get; }

    public LlamaDecoder Language { get; }

    /// <summary>Pixels <c>[batch, 3, size, size]</c> to visual tokens <c>[batch, visualTokens, textWidth]</c>.</summary>
    public Tensor EncodeImages(Tensor pixels) => Projector.Forward(Vision.Forward(pixels));
}
