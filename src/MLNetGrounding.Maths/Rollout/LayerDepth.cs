namespace MLNetGrounding.Maths.Rollout;

/// <summary>Layers named by their relative depth, so that one setting fits models of any depth.</summary>
internal static class LayerDepth
{
    /// <summary>The layer, from 0, at a share of the layers between 0 and 1, rounded down; 1 is the last layer.</summary>
    public static int Of(double depth, int layers) => Math.Min((int)(depth * layers), layers - 1);
}
