namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// A part of a drawn bird.
/// </summary>
/// <param name="Part">The part.</param>
/// <param name="Color">The color it was drawn in.</param>
/// <param name="VisiblePixels">The number of its pixels in the image.</param>
/// <param name="FullPixels">The number of its pixels without occluders and without the image's border.</param>
/// <param name="Visible">Whether enough of it is visible by <see cref="VisibilityRule"/>.</param>
internal sealed record SamplePart(BirdPart Part, BirdColor Color, int VisiblePixels, int FullPixels, bool Visible)
{
    public string Name => BirdAnatomy.PartNames[(int)Part];

    public string ColorName => BirdPalette.NameOf(Color);
}
