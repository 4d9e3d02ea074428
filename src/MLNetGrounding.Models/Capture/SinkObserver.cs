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
            Tensor dimensions = options.Dimensions is { } known
                ? tensor(known.Select(each => (long)each).ToArray(), device: sizes.device)
                : sizes[0].topk(Math.Min(options.FoundDimensions, configuration.TextHiddenSize)).indexes;
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
    }
}
