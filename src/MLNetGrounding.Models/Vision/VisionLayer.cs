using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>One pre-norm layer of a <see cref="VisionTransformer"/>.</summary>
internal sealed class VisionLayer
{
    private readonly LayerNormWeights _attentionNorm;
    private readonly LinearWeights _query;
    private readonly LinearWeights _key;
    private readonly LinearWeights _value;
    private readonly LinearWeights _output;
    private readonly LayerNormWeights _feedForwardNorm;
    private readonly LinearWeights _expand;
    private readonly LinearWeights _contract;
    private readonly VisionTransformerSettings _settings;

    public VisionLayer(ITensorSource source, string name, VisionTransformerSettings settings)
    {
        int width = settings.Width;
        _settings = settings;
        _query = LinearWeights.Take(source, name + ".self_attn.q_proj", width, width, bias: true);
        _key = LinearWeights.Take(source, name + ".self_attn.k_proj", width, width, bias: true);
        _value = LinearWeights.Take(source, name + ".self_attn.v_proj", width, width, bias: true);
        _output = LinearWeights.Take(source, name + ".self_attn.out_proj", width, width, bias: true);
        _attentionNorm = LayerNormWeights.Take(source, name + ".layer_norm1", width);
        _feedForwardNorm = LayerNormWeights.Take(source, name + ".layer_norm2", width);
        _expand = LinearWeights.Take(source, name + ".mlp.fc1", width, settings.InnerWidth, bias: true);
        _contract = LinearWeights.Take(source, name + ".mlp.fc2", settings.InnerWidth, width, bias: true);
    }

    /// <summary>States the tensors of a layer that no forward pass reaches.</summary>
    public static void Skip(ITensorSource source, string name, VisionTransformerSettings settings) =>
        _ = new VisionLayer(new SkippingSource(source), name, settings);

    /// <summary>Runs the layer on hidden states <c>[batch, tokens, width]</c>.</summary>
    public Tensor Forward(Tensor hidden)
    {
        Tensor normed = _attentionNorm.Apply(hidden, _settings.NormEpsilon);
        Tensor attended = nn.functional.scaled_dot_product_attention(
            SplitHeads(_query.Apply(normed)), SplitHeads(_key.Apply(normed)), SplitHeads(_value.Apply(normed)));
        hidden = hidden.Plus(_output.Apply(attended.transpose(1, 2).flatten(2)));
        return hidden.Plus(_contract.Apply(_settings.Activation.Apply(_expand.Apply(_feedForwardNorm.Apply(hidden, _settings.NormEpsilon)))));
    }

    private Tensor SplitHeads(Tensor input) => input.view(input.shape[0], input.shape[1], _settings.Heads, -1).transpose(1, 2);

    private sealed class SkippingSource(ITensorSource source) : ITensorSource
    {
        public Tensor Take(string name, params long[] shape)
        {
            source.Skip(name, shape);
            return null!;
        }

        public void Skip(string name, params long[] shape) => source.Skip(name, shape);

        public bool Holds(string name) => source.Holds(name);
    }
}
