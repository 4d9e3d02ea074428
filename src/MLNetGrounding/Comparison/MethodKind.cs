namespace MLNetGrounding;

/// <summary>What a row of an evaluation is.</summary>
public enum MethodKind
{
    /// <summary>A method under evaluation.</summary>
    Method,

    /// <summary>A method's maps, each scored on another part than it was made for.</summary>
    SwappedQuery,

    /// <summary>A prediction that does not look at the image.</summary>
    Baseline,
}
