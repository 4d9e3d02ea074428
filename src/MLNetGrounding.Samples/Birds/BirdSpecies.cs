using MLNetGrounding.Samples.Figures;

namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// An invented species: a name, ten part colors in the order of <see cref="BirdPart"/> and a form.
/// </summary>
internal sealed record BirdSpecies(int Index, string Name, IReadOnlyList<PartColor> Colors, BirdShape Shape);
