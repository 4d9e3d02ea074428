namespace MLNetGrounding.Samples.Cars;

/// <summary>
/// Forms of the body.
/// </summary>
internal enum CarStyle
{
    Sedan,
    Hatchback,
    Coupe,
    Wagon,
}
