using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families.Llava;
using MLNetGrounding.Samples.Checkpoints;

namespace MLNetGrounding.Benchmarks;

/// <summary>Architectures that the tables measure; weights are random.</summary>
internal static class Checkpoints
{
    /// <summary>A few million parameters, mostly vocabulary, on LLaVA 1.5's grid.</summary>
    public static LlavaShape Small { get; } =
        new()
        {
            TextHiddenSize = 128,
            TextIntermediateSize = 352,
            TextLayers = 8,
            TextHeads = 8,
            TextKeyValueHeads = 8,
            TextHeadSize = 16,
            VocabularySize = 32064,
            ImageTokenId = 32000,
            ImageSize = 336,
            PatchSize = 14,
            VisionHiddenSize = 64,
            VisionIntermediateSize = 128,
            VisionLayers = 4,
            VisionHeads = 4,
        };

    /// <summary>About three hundred million parameters, as deep as the next.</summary>
    public static LlavaShape Medium { get; } =
        Small with
        {
            TextHiddenSize = 1024,
            TextIntermediateSize = 2816,
            TextLayers = 16,
            TextHeads = 16,
            TextKeyValueHeads = 16,
            TextHeadSize = 64,
            VisionHiddenSize = 512,
            VisionIntermediateSize = 2048,
            VisionLayers = 12,
            VisionHeads = 8,
        };

    /// <summary>About a billion parameters.</summary>
    public static LlavaShape Billion { get; } =
        Small with
        {
            TextHiddenSize = 2048,
            TextIntermediateSize = 5632,
            TextLayers = 16,
            TextHeads = 32,
            TextKeyValueHeads = 32,
            TextHeadSize = 64,
            VisionHiddenSize = 512,
            VisionIntermediateSize = 2048,
            VisionLayers = 12,
            VisionHeads = 8,
        };

    /// <summary>LLaVA 1.5 7B's shape.</summary>
    public static LlavaShape SevenBillion { get; } =
        Small with
        {
            TextHiddenSize = 4096,
            TextIntermediateSize = 11008,
            TextLayers = 32,
            TextHeads = 32,
            TextKeyValueHeads = 32,
            TextHeadSize = 128,
            VisionHiddenSize = 1024,
            VisionIntermediateSize = 4096,
            VisionLayers = 24,
            VisionHeads = 16,
        };

    /// <summary>Number of parameters.</summary>
    public static long Parameters(LlavaShape configuration)
    {
        MetaTensorSource source = new(TorchSharp.torch.ScalarType.Float32);
        _ = new LlavaNetwork(source, configuration.Settings);
        return source.Tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
    }
}
