namespace MLNetGrounding.Samples.Figures;

/// <summary>
/// A key point in pixels; one that is not visible lies at (0, 0) as in CUB-200-2011.
/// </summary>
internal readonly record struct SampleKeyPoint(int X, int Y, bool Visible);
