using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Records which visual tokens are attention sinks, 1 or 0, <c>[layers, gridHeight, gridWidth]</c>.</summary>
internal sealed record SinkObserver(AttentionSinkRemoval Options) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) =>
        new Recorder(Options, model, prompt.Layout!.TokenOfCell(), new float[model.Layers * prompt.Grid.Cells]);

    private sealed class Recorder(AttentionSinkRemoval options, ModelInfo model, int[] tokens, float[] sinks) : ILayerRecorder
    {
        public void Observe(LayerAttention attention)
        {
            using var scope = NewDisposeScope();
            Tensor states = attention.PrefixStates();
            Tensor scale = rsqrt(states.Squared().mean([-1], keepdim: true).Plus(model.NormEpsilon));
            Tensor sizes = (states * scale).abs();
            Tensor dimensions = tensor([.. (options.Dimensions ?? Find(sizes[0])).Select(each => (long)each)], device: sizes.device);
            Tensor largest = sizes.narrow(0, attention.ImageStart, attention.VisualTokens).index_select(1, dimensions).amax([1]);
            float threshold = (float)(options.Threshold * Math.Sqrt(model.Width));
            float[] sizesOfTokens = largest.ToFloats();
            Span<float> layer = sinks.AsSpan(attention.Layer * tokens.Length, tokens.Length);
            for (int cell = 0; cell < tokens.Length; cell++)
            {
                layer[cell] = tokens[cell] >= 0 && sizesOfTokens[tokens[cell]] > threshold ? 1 : 0;
            }
        }

        public float[] Complete() => sinks;

        /// <summary>The elements in which a state is largest; of equal ones, which narrow types have, the first, as libtorch does not promise.</summary>
        private IReadOnlyList<int> Find(Tensor sizes)
        {
            float[] values = sizes.ToFloats();
            return [.. Enumerable.Range(0, values.Length).OrderByDescending(element => values[element]).Take(options.FoundDimensions)];
        }
    }
}
