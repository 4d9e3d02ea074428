using MLNetGrounding.Samples.Checkpoints;

namespace TrainSampleLlava;

/// <summary>What decides the result of a training run.</summary>
internal sealed record TrainingOptions
{
    public int Steps { get; init; } = 18000;

    /// <summary>Images of a step, equally many of each subject.</summary>
    public int BatchSize { get; init; } = 64;

    public double LearningRate { get; init; } = 2e-3;

    public double WeightDecay { get; init; } = 0.05;

    public int WarmUpSteps { get; init; } = 300;

    /// <summary>Steps at the end over which the learning rate falls.</summary>
    public int DecaySteps { get; init; } = 6000;

    /// <summary>Steps over which the images go from easy to as difficult as the dataset's.</summary>
    public int CurriculumSteps { get; init; } = 2000;

    public int Seed { get; init; } = 1;

    public int Width { get; init; } = 96;

    public int Heads { get; init; } = 6;

    public int VisionLayers { get; init; } = 3;

    public int TextLayers { get; init; } = 4;

    public int ImageSize { get; init; } = 168;

    public int PatchSize { get; init; } = 14;

    public LlavaShape Architecture => SampleArchitecture.Create(Width, Heads, VisionLayers, TextLayers, ImageSize, PatchSize);

    /// <summary>
    /// Linear warm-up, the full rate, and over the last <see cref="DecaySteps"/> a cosine down to nothing. Until that begins a run is
    /// the same whatever its length, so that it can be resumed with more steps. Steps count from 0.
    /// </summary>
    public double LearningRateAt(long step)
    {
        double warmUp = Math.Min(1, (step + 1) / (double)Math.Max(1, WarmUpSteps));
        double decayed = Math.Clamp((step - (Steps - DecaySteps)) / (double)Math.Max(1, DecaySteps), 0, 1);
        return LearningRate * warmUp * (0.5 + 0.5 * Math.Cos(Math.PI * decayed));
    }

    public float DifficultyAt(long step) => (float)Math.Clamp(step / (double)Math.Max(1, CurriculumSteps), 0, 1);
}
