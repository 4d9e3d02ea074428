namespace MLNetGrounding.Samples.Cars;

/// <summary>
/// The drawn regions, each of which has a key point and a box: finer than <see cref="CarPart"/>, because a car has two wheels to a side.
/// </summary>
internal enum CarRegion
{
    FrontWheel,
    RearWheel,
    FrontDoor,
    RearDoor,
    FrontWindow,
    RearWindow,
    FrontLight,
    RearLight,
    Roof,
    Body,
    FrontBumper,
    RearBumper,
    Mirror,
    Hood,
    Trunk,
}
