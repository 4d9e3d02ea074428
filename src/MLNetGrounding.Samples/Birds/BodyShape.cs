namespace MLNetGrounding.Samples.Birds;

/// <summary>
/// Builds of the body.
/// </summary>
internal enum BodyShape
{
    Slim,
    Regular,
    Plump,
}
