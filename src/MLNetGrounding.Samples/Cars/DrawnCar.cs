using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Cars;

/// <summary>
/// A drawn car. Its parts are in the order of <see cref="CarPart"/>, its key points and boxes in that of <see cref="CarRegion"/>.
/// </summary>
internal sealed class DrawnCar : SampleFigure
{
    public required CarShape Shape { get; init; }

    /// <summary>The extent of each region's visible pixels; empty where none is visible.</summary>
    public required IReadOnlyList<SampleBox> RegionBoxes { get; init; }

    public SamplePart this[CarPart part] => Parts[(int)part];
}
