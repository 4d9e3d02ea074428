namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// Forms of the tail's end.
/// </summary>
internal enum TailShape
{
    Rounded,
    Forked,
    Pointed,
    Squared,
    Fan,
}
