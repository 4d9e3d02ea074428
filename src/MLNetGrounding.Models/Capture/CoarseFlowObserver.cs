namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Records the coarse word's flow matrices, <c>[layers, tokens, tokens]</c>, and behind them the sums of their rows before they were cut,
/// <c>[layers, tokens]</c>. Equal observers record the same.
/// </summary>
internal sealed record CoarseFlowObserver(CoarseFlowOptions Flow) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(Flow, prompt, model);

    private sealed class Recorder : ILayerRecorder
    {
        private readonly CoarseFlowRecorder _flow;

        public Recorder(CoarseFlowOptions flow, PreparedPrompt prompt, ModelInfo model) =>
            _flow = new CoarseFlowRecorder(
                prompt,
                flow,
                new float[prompt.FlowLength(model.Layers)],
                new float[model.Layers * prompt.FlowTokens]
            );

        public void Observe(LayerAttention attention) => _flow.Observe(attention);

        public float[] Complete() => [.. _flow.Flow, .. _flow.RowSums];
    }
}
