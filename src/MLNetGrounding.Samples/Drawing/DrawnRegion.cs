using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// A region in the image.
/// </summary>
/// <param name="Point">A point well inside it, as a key point; none where too little is visible.</param>
/// <param name="Box">The extent of its visible pixels.</param>
internal readonly record struct DrawnRegion(SampleKeyPoint Point, SampleBox Box);
