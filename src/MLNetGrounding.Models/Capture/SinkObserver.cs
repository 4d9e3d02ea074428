using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>Records which visual tokens are attention sinks, 1 or 0, <c>[layers, visualTokens]</c>.</summary>
internal sealed record SinkObserver(AttentionSinkRemoval Options) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, LlavaConfiguration configuration) =>
        new Recorder(Options, configuration, new float[configuration.TextLayers * prompt.VisualTokens]);

    private sealed class Recorder(AttentionSinkRemoval options, LlavaConfiguration configuration, float[] sinks) : ILayerRecorder
    {
        public void Observe(LayerAttention attention)
        {
            using var scope = NewDisposeScope();
            Tensor states = attention.PrefixStates();
            Tensor scale = rsqrt(states.Squared().mean([-1], keepdim: true).Plus(configuration.RmsNormEpsilon));
            Tensor sizes = (states * scale).abs();
            Tensor dimensions = tensor([.. (options.Dimensions ?? Find(sizes[0])).Select(each => (long)each)], device: sizes.device);
            Tensor largest = sizes.narrow(0, attention.ImageStart, attention.VisualTokens).index_select(1, dimensions).amax([1]);
            float threshold = (float)(options.Threshold * Math.Sqrt(configuration.TextHiddenSize));
            Span<float> layer = sinks.AsSpan(attention.Layer * attention.VisualTokens, attention.VisualTokens);
            largest.CopyTo(layer);
            foreach (ref float value in layer)
            {
                value = value > threshold ? 1 : 0;
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
