namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// A part of a drawn figure.
/// </summary>
/// <param name="Index">The part's place among those of its subject; its label in <see cref="SampleFigure.PartLabels"/> minus one.</param>
/// <param name="Name">The word that questions ask for.</param>
/// <param name="Color">The color it was drawn in.</param>
/// <param name="VisiblePixels">The number of its pixels in the image.</param>
/// <param name="FullPixels">The number of its pixels without occluders and without the image's border.</param>
/// <param name="Visible">Whether enough of it is visible by <see cref="VisibilityRule"/>.</param>
internal sealed record SamplePart(int Index, string Name, PartColor Color, int VisiblePixels, int FullPixels, bool Visible)
{
    public string ColorName => PartPalette.NameOf(Color);
}
