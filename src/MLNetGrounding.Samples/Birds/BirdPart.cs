using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// The parts that questions ask for; a part's label in <see cref="SampleFigure.PartLabels"/> is its value plus one.
/// </summary>
internal enum BirdPart
{
    Beak,
    Belly,
    Breast,
    Head,
    Wing,
    Eye,
    Tail,
    Throat,
    Back,
    Leg,
}
