using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Families.Llava;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Models;

/// <summary>What a tower computes on the way, by the names that golden data has for it; a family without an entry is compared at its features alone.</summary>
internal static class VisionStages
{
    public static IEnumerable<(string Name, Tensor Values)> Of(IModelNetwork network, Tensor pixels, PreparedImage image) => network switch
    {
        LlavaNetwork llava => Llava(llava, pixels),
        _ => [],
    };

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
