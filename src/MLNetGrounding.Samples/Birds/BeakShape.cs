namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// Forms of the beak.
/// </summary>
internal enum BeakShape
{
    Cone,
    Dagger,
    Needle,
    Hooked,
}
