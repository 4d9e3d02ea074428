namespace MLNetGrounding;

/// <summary>What an <see cref="ILayerObserver"/> keeps of one image.</summary>
public interface ILayerRecorder
{
    /// <summary>Looks at one layer; layers come in order, from the first to the last.</summary>
    /// <param name="attention">Valid during the call only.</param>
    void Observe(LayerAttention attention);

    /// <summary>The result, which <see cref="AttentionCapture.Observations"/> hands on.</summary>
    float[] Complete();
}
