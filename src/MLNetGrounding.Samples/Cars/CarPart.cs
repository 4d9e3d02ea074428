using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Cars;

/// <summary>
/// The parts that questions ask for; a part's label in <see cref="SampleFigure.PartLabels"/> is its value plus one.
/// </summary>
internal enum CarPart
{
    Wheel,
    Door,
    Window,
    Light,
    Roof,
    Body,
    Bumper,
    Mirror,
    Hood,
    Trunk,
}
