using MLNetGrounding;

namespace ClassifyBirds;

/// <summary>What the command line asks for.</summary>
internal sealed record ClassifyBirdsSettings
{
    public ModelSettings Model { get; init; } = new();

    /// <summary>Of a CUB folder both train and test images.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>Sample birds of each species, half of them to train and half to test on.</summary>
    public int Birds { get; init; } = 40;

    public PoolingWeights Pooling { get; init; } = PoolingWeights.MapMass;

    /// <summary>Of the region that two of the <see cref="Pooling"/> forms take.</summary>
    public double Threshold { get; init; } = 0.05;

    /// <summary>Whether to take what an earlier run extracted.</summary>
    public bool Reuse { get; init; }

    public int Seed { get; init; } = 1;

    public string Out { get; init; } = "classify-birds";
}
