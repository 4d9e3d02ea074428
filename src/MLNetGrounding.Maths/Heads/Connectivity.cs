namespace MLNetGrounding;

/// <summary>Which neighbors join a connected component.</summary>
public enum Connectivity
{
    /// <summary>The four cells that share an edge. The default.</summary>
    Four = 4,

    /// <summary>The eight cells that share an edge or a corner.</summary>
    Eight = 8,
}
