namespace MLNetGrounding.Samples;

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
