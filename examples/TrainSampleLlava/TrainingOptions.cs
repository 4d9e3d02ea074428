using MLNetGrounding.Llava;

namespace TrainSampleLlava;

/// <summary>What decides the result of a training run.</summary>
internal sealed record TrainingOptions
{
    public int Steps { get; init; } = 12000;

    public int BatchSize { get; init; } = 32;

    public double LearningRate { get; init; } = 2e-3;

    public double WeightDecay { get; init; } = 0.05;

    public int WarmUpSteps { get; init; } = 300;

    /// <summary>Steps over which the birds go from easy to as difficult as the dataset's.</summary>
    public int CurriculumSteps { get; init; } = 3000;

    /// <summary>Birds of the highest difficulty that are drawn before they are shown again.</summary>
    public int UniqueBirds { get; init; } = int.MaxValue;

    public int Seed { get; init; } = 1;

    public int Width { get; init; } = 96;

    public int Heads { get; init; } = 6;

    public int VisionLayers { get; init; } = 3;

    public int TextLayers { get; init; } = 5;

    public int ImageSize { get; init; } = 168;

    public int PatchSize { get; init; } = 14;

    public bool BFloat16 { get; init; }

    public LlavaConfiguration Architecture => SampleArchitecture.Create(Width, Heads, VisionLayers, TextLayers, ImageSize, PatchSize);

    /// <summary>Linear warm-up, then a cosine down to a hundredth. Steps count from 0.</summary>
    public double LearningRateAt(long step)
    {
        const double Floor = 0.01;
        double warmUp = Math.Min(1, (step + 1) / (double)Math.Max(1, WarmUpSteps));
        double progress = Math.Clamp((step - WarmUpSteps) / (double)Math.Max(1, Steps - WarmUpSteps), 0, 1);
        return LearningRate * warmUp * (Floor + (1 - Floor) * (0.5 + 0.5 * Math.Cos(Math.PI * progress)));
    }

    public float DifficultyAt(long step) => (float)Math.Clamp(step / (double)Math.Max(1, CurriculumSteps), 0, 1);
}
