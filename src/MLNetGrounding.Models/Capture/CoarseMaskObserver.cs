using System.Buffers;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Rollout;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Records the coarse masks of several rollouts over one kind of flow matrices, <c>[rollouts, gridHeight, gridWidth]</c>; the matrices
/// themselves do not leave the capture. Masks of attention that is not finite are NaN.
/// </summary>
internal sealed class CoarseMaskObserver(CoarseFlowOptions flow, IReadOnlyList<RolloutOptions> rollouts) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(flow, rollouts, prompt, model);

    private sealed class Recorder : ILayerRecorder
    {
        private readonly CoarseFlowRecorder _flow;
        private readonly IReadOnlyList<RolloutOptions> _rollouts;
        private readonly PreparedPrompt _prompt;
        private readonly int _layers;
        private readonly int _length;

        public Recorder(CoarseFlowOptions flow, IReadOnlyList<RolloutOptions> rollouts, PreparedPrompt prompt, ModelInfo model)
        {
            _rollouts = rollouts;
            _prompt = prompt;
            _layers = model.Layers;
            _length = prompt.FlowLength(model.Layers);
            _flow = new CoarseFlowRecorder(prompt, flow, ArrayPool<float>.Shared.Rent(_length), new float[_layers * prompt.FlowTokens]);
        }

        public void Observe(LayerAttention attention) => _flow.Observe(attention);

        public float[] Complete()
        {
            ReadOnlySpan<float> matrices = _flow.Flow.AsSpan(0, _length);
            VisualLayout layout = _prompt.Layout!;
            int cells = layout.Grid.Cells;
            float[] tokens = new float[layout.Tokens];
            float[] masks = new float[_rollouts.Count * cells];
            if (!Numbers.AreFinite(matrices))
            {
                masks.AsSpan().Fill(float.NaN);
            }
            else
            {
                for (int index = 0; index < _rollouts.Count; index++)
                {
                    CoarseRollout.TokenMask(
                        matrices,
                        _flow.RowSums,
                        _layers,
                        _prompt.FlowTokens,
                        [.. _prompt.CoarsePositions],
                        _rollouts[index],
                        tokens
                    );
                    layout.ApplyMask(tokens, masks.AsSpan(index * cells, cells));
                }
            }

            ArrayPool<float>.Shared.Return(_flow.Flow);
            return masks;
        }
    }
}
