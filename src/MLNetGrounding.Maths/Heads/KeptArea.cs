namespace MLNetGrounding;

/// <summary>How much of a kept head's map goes into the layer map.</summary>
public enum KeptArea
{
    /// <summary>The whole map. The default.</summary>
    WholeMap,

    /// <summary>Only the cells of the largest connected component of active cells; the others count as zero.</summary>
    LargestComponent,
}
