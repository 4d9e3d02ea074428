namespace MLNetGrounding;

/// <summary>
/// Sees the attention of one layer at a time and keeps what it needs: how flows and methods are added without touching the model.
/// </summary>
public interface ILayerObserver
{
    /// <summary>Begins with an image. Called from any thread; the recorder is then used by one.</summary>
    /// <param name="prompt">The queries.</param>
    /// <param name="model">The model, with as many decoder layers as <see cref="CaptureOptions.Layers"/> asks for.</param>
    ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model);
}
