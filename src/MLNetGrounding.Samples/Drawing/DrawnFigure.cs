using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// What a renderer knows of the image it drew, whatever the subject.
/// </summary>
/// <param name="Rgb">The image, row by row, three bytes to a pixel.</param>
/// <param name="PartLabels">Per pixel the visible part's index plus one, or 0.</param>
/// <param name="Parts">The parts.</param>
/// <param name="Regions">The regions in their order.</param>
/// <param name="Box">The extent of the visible pixels.</param>
/// <param name="FacingLeft">Whether the figure is mirrored.</param>
internal sealed record DrawnFigure(
    byte[] Rgb,
    byte[] PartLabels,
    IReadOnlyList<SamplePart> Parts,
    IReadOnlyList<DrawnRegion> Regions,
    SampleBox Box,
    bool FacingLeft
);
