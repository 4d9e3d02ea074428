namespace GroundBirds;

/// <summary>A row with what its maps were made of, for reports and figures.</summary>
internal sealed class LayeredRow : GroundedRow
{
    public float[] CoarseMask { get; set; } = [];

    public float[] FineAttention { get; set; } = [];

    public float[] NeutralAttention { get; set; } = [];

    public float[] LayerMaps { get; set; } = [];
}
