namespace MLNetGrounding.Samples;

/// <summary>
/// An invented species: a name, ten part colours in the order of <see cref="BirdPart"/> and a form.
/// </summary>
internal sealed record BirdSpecies(int Index, string Name, IReadOnlyList<BirdColour> Colours, BirdShape Shape);
