namespace MLNetGrounding.DataViews.ReadAhead;

/// <summary>Counts the pictures that run through a model, and runs an action as each begins.</summary>
internal sealed class HeldObserver(Action<int>? begin = null) : ILayerObserver
{
    private int _pictures;

    public int Pictures => Volatile.Read(ref _pictures);

    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model)
    {
        int picture = Interlocked.Increment(ref _pictures) - 1;
        begin?.Invoke(picture);
        return new Recorder();
    }

    private sealed class Recorder : ILayerRecorder
    {
        public void Observe(LayerAttention attention) { }

        public float[] Complete() => [];
    }
}
