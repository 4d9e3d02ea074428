namespace MLNetGrounding;

/// <summary>What a query is asked for.</summary>
public enum QueryRole
{
    /// <summary>A detail to find, such as "wheel".</summary>
    Fine,

    /// <summary>The whole object, such as "car", whose rollout masks the details. At most one per prompt.</summary>
    Coarse,

    /// <summary>A prompt that asks about nothing in particular, for methods that divide by it.</summary>
    Neutral,

    /// <summary>A prompt about the background, for methods that subtract it.</summary>
    Background,
}
