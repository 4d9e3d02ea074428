using MLNetGrounding.Samples.Checkpoints;

namespace TrainSampleLlava;

/// <summary>The sample LLaVA's architecture.</summary>
internal static class SampleArchitecture
{
    public const int VocabularySize = 288;

    public static LlavaShape Create(int width, int heads, int visionLayers, int textLayers, int imageSize, int patchSize) =>
        new()
        {
            TextHiddenSize = width,
            TextIntermediateSize = width * 2,
            TextLayers = textLayers,
            TextHeads = heads,
            TextKeyValueHeads = heads,
            TextHeadSize = width / heads,
            VocabularySize = VocabularySize,
            RmsNormEpsilon = 1e-5,
            ImageTokenId = SampleWords.Pieces.Count,
            EndTokenId = SampleWords.EndOfSequence,
            ImageSize = imageSize,
            PatchSize = patchSize,
            VisionHiddenSize = width,
            VisionIntermediateSize = width * 3,
            VisionLayers = visionLayers,
            VisionHeads = heads,
            VisionFeatureLayer = -1,
        };
}
