namespace TrainSampleLlava;

/// <summary>How the sample model's pictures become numbers: as CLIP does it.</summary>
internal static class SamplePreprocessing
{
    public static IReadOnlyList<double> Mean { get; } = [0.48145466, 0.4578275, 0.40821073];

    public static IReadOnlyList<double> Deviation { get; } = [0.26862954, 0.26130258, 0.27577711];
}
