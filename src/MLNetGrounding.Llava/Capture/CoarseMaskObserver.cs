using MLNetGrounding.Maths;

namespace MLNetGrounding.Llava;

/// <summary>
/// Records the coarse masks of several rollouts over one kind of flow matrices, <c>[rollouts, visualTokens]</c>; the matrices themselves do
/// not leave the capture. Masks of attention that is not finite are NaN.
/// </summary>
internal sealed class CoarseMaskObserver(CoarseFlowOptions flow, IReadOnlyList<RolloutOptions> rollouts) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, LlavaConfiguration configuration) =>
        new Recorder(new CoarseFlowRecorder(prompt, flow, configuration), rollouts, prompt);

    private sealed class Recorder(CoarseFlowRecorder flow, IReadOnlyList<RolloutOptions> rollouts, PreparedPrompt prompt) : ILayerRecorder
    {
        public void Observe(LayerAttention attention) => flow.Observe(attention);

        public float[] Complete()
        {
            float[] matrices = flow.Complete();
            int cells = prompt.VisualTokens;
            int tokens = prompt.FlowTokens;
            float[] masks = new float[rollouts.Count * cells];
            if (!Array.TrueForAll(matrices, float.IsFinite))
            {
                masks.AsSpan().Fill(float.NaN);
                return masks;
            }

            for (int index = 0; index < rollouts.Count; index++)
            {
                CoarseRollout.TokenMask(
                    matrices, flow.RowSums, matrices.Length / (tokens * tokens), tokens, [.. prompt.CoarsePositions], rollouts[index], masks.AsSpan(index * cells, cells));
            }

            return masks;
        }
    }
}
