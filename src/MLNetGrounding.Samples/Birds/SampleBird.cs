using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// A drawn bird. Its parts are in the order of <see cref="BirdPart"/>, its key points in that of <see cref="BirdKeyPoint"/>.
/// </summary>
internal sealed class SampleBird : SampleFigure
{
    public required bool WingRaised { get; init; }

    public required BirdShape Shape { get; init; }

    /// <summary>The index of the species, or -1 for independently drawn colors.</summary>
    public required int SpeciesIndex { get; init; }

    public SamplePart this[BirdPart part] => Parts[(int)part];
}
