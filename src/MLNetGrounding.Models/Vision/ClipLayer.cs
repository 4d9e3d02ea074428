using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>One pre-norm transformer layer of the vision tower.</summary>
internal sealed class ClipLayer
{
    private readonly LayerNormWeights _attentionNorm;
    private readonly LinearWeights _query;
    private readonly LinearWeights _key;
    private readonly LinearWeights _value;
    private readonly LinearWeights _output;
    private readonly LayerNormWeights _feedForwardNorm;
    private readonly LinearWeights _expand;
    private readonly LinearWeights _contract;
    private readonly double _epsilon;
    private readonly int _heads;

    public ClipLayer(ITensorSource source, string name, LlavaConfiguration configuration)
    {
        int width = configuration.VisionHiddenSize;
        int inner = configuration.VisionIntermediateSize;
        _query = LinearWeights.Take(source, name + ".self_attn.q_proj", width, width, bias: true);
        _key = LinearWeights.Take(source, name + ".self_attn.k_proj", width, width, bias: true);
        _value = LinearWeights.Take(source, name + ".self_attn.v_proj", width, width, bias: true);
        _output = LinearWeights.Take(source, name + ".self_attn.out_proj", width, width, bias: true);
        _attentionNorm = LayerNormWeights.Take(source, name + ".layer_norm1", width);
        _feedForwardNorm = LayerNormWeights.Take(source, name + ".layer_norm2", width);
        _expand = LinearWeights.Take(source, name + ".mlp.fc1", width, inner, bias: true);
        _contract = LinearWeights.Take(source, name + ".mlp.fc2", inner, width, bias: true);
        _epsilon = configuration.VisionLayerNormEpsilon;
        _heads = configuration.VisionHeads;
    }

    /// <summary>States the tensors of a layer that no forward pass reaches.</summary>
    public static void Skip(ITensorSource source, string name, LlavaConfiguration configuration) =>
        _ = new ClipLayer(new SkippingSource(source), name, configuration);

    /// <summary>Runs the layer on hidden states <c>[batch, 1 + patches, width]</c>.</summary>
    public Tensor Forward(Tensor hidden)
    {
        Tensor normed = _attentionNorm.Apply(hidden, _epsilon);
        Tensor attended = nn.functional.scaled_dot_product_attention(
            SplitHeads(_query.Apply(normed)), SplitHeads(_key.Apply(normed)), SplitHeads(_value.Apply(normed)));
        hidden = hidden.Plus(_output.Apply(attended.transpose(1, 2).flatten(2)));
        return hidden.Plus(_contract.Apply(QuickGelu(_expand.Apply(_feedForwardNorm.Apply(hidden, _epsilon)))));
    }

    private static Tensor QuickGelu(Tensor input) => input * sigmoid(input.Times(1.702));

    private Tensor SplitHeads(Tensor input) => input.view(input.shape[0], input.shape[1], _heads, -1).transpose(1, 2);

    private sealed class SkippingSource(ITensorSource source) : ITensorSource
    {
        public Tensor Take(string name, params long[] shape)
        {
            source.Skip(name, shape);
            return null!;
        }

        public void Skip(string name, params long[] shape) => source.Skip(name, shape);
    }
}
