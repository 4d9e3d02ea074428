using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.InternVl;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Models.Families.SmolVlm;
using MLNetGrounding.Models.Tiles;
using MLNetGrounding.Models.Vision;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>What a tower computes on the way, by the names that golden data has for it; a family without an entry is compared at its features alone.</summary>
internal static class VisionStages
{
    public static IEnumerable<(string Name, Tensor Values)> Of(IModelNetwork network, Tensor pixels, PreparedImage image) => network switch
    {
        LlavaNetwork llava => Llava(llava, pixels),
        InternVlNetwork intern => Views(intern.Vision, pixels, intern.Shuffle),
        SmolVlmNetwork smol => Views(smol.Vision, pixels, smol.Shuffle),
        AnyresNetwork anyres => Anyres(anyres, pixels),
        _ => [],
    };

    private static IEnumerable<(string, Tensor)> Anyres(AnyresNetwork network, Tensor pixels)
    {
        yield return ("vision_embeddings", network.Vision.Embed(pixels));
        if (network.Vision.RunsAll)
        {
            yield return ("vision_layer_last", network.Vision.Forward(pixels, [network.Vision.LayersRun])[0]);
        }

        yield return ("projected", network.EncodeViews(pixels));
    }

    private static IEnumerable<(string, Tensor)> Views(VisionTransformer tower, Tensor pixels, Func<Tensor, Tensor> shuffle)
    {
        Tensor last = tower.Forward(pixels, [tower.LayersRun])[0];
        yield return ("vision_embeddings", tower.Embed(pixels));
        yield return ("vision_layer_0", tower.Forward(pixels, [1])[0]);
        yield return (tower.HasLastNorm ? "vision_post_layernorm" : "vision_layer_last", last);
        yield return ("pixel_shuffle", shuffle(last));
    }

    private static IEnumerable<(string, Tensor)> Llava(LlavaNetwork network, Tensor pixels)
    {
        yield return ("vision_embeddings", network.Vision.Embed(pixels));
        yield return ("vision_layer_0", network.Vision.Forward(pixels, [1])[0]);
        if (network.Vision.RunsAll)
        {
            yield return ("vision_layer_last", network.Vision.Forward(pixels, [network.Vision.LayersRun])[0]);
        }
    }
}
