namespace MLNetGrounding;

/// <summary>How a key point is drawn. The shapes differ, so that the marks can be told apart without their colors.</summary>
public enum KeyPointMark
{
    /// <summary>A small ring: a point that is not scored.</summary>
    Plain,

    /// <summary>A disc: the point lies in the region.</summary>
    Hit,

    /// <summary>A cross: the point lies outside the region.</summary>
    Miss,
}
