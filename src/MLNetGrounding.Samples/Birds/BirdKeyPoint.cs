namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// The 15 key points in the order of CUB-200-2011, whose identifiers are these values plus one.
/// </summary>
internal enum BirdKeyPoint
{
    Back,
    Beak,
    Belly,
    Breast,
    Crown,
    Forehead,
    LeftEye,
    LeftLeg,
    LeftWing,
    Nape,
    RightEye,
    RightLeg,
    RightWing,
    Tail,
    Throat,
}
