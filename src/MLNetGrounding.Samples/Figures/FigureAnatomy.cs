namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// Tells which parts a subject has, and of which drawn regions each consists.
/// </summary>
/// <param name="PartNames">The words that questions ask for, in the order of the parts.</param>
/// <param name="PartOfRegion">The part of each region.</param>
internal sealed record FigureAnatomy(IReadOnlyList<string> PartNames, IReadOnlyList<int> PartOfRegion)
{
    public int PartCount => PartNames.Count;

    public int RegionCount => PartOfRegion.Count;
}
