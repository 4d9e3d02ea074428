namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// The drawn regions, finer than <see cref="BirdPart"/> because key points tell crown from nape and one leg from the other.
/// </summary>
internal enum BirdRegion
{
    Beak,
    Belly,
    Breast,
    Cheek,
    Crown,
    Forehead,
    Nape,
    Wing,
    Eye,
    Tail,
    Throat,
    Back,
    NearLeg,
    FarLeg,
}
