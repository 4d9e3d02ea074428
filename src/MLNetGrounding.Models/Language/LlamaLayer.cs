using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Language;

/// <summary>One decoder layer, cut where the attention is: what attends to what is the caller's business.</summary>
internal sealed class LlamaLayer
{
    private readonly RmsNorm _attentionNorm;
    private readonly LinearWeights _query;
    private readonly LinearWeights _key;
    private readonly LinearWeights _value;
    private readonly LinearWeights _output;
    private readonly RmsNorm _feedForwardNorm;
    private readonly LinearWeights _gate;
    private readonly LinearWeights _up;
    private readonly LinearWeights _down;
    private readonly int _headSize;

    public LlamaLayer(ITensorSource source, string name, LlavaConfiguration configuration)
    {
        int width = configuration.TextHiddenSize;
        int inner = configuration.TextIntermediateSize;
        int queries = configuration.TextHeads * configuration.TextHeadSize;
        int keys = configuration.TextKeyValueHeads * configuration.TextHeadSize;
        _headSize = configuration.TextHeadSize;
        _attentionNorm = new RmsNorm(source.Take(name + ".input_layernorm.weight", width), configuration.RmsNormEpsilon);
        _query = LinearWeights.Take(source, name + ".self_attn.q_proj", width, queries, bias: false);
        _key = LinearWeights.Take(source, name + ".self_attn.k_proj", width, keys, bias: false);
        _value = LinearWeights.Take(source, name + ".self_attn.v_proj", width, keys, bias: false);
        _output = LinearWeights.Take(source, name + ".self_attn.o_proj", queries, width, bias: false);
        _feedForwardNorm = new RmsNorm(source.Take(name + ".post_attention_layernorm.weight", width), configuration.RmsNormEpsilon);
        _gate = LinearWeights.Take(source, name + ".mlp.gate_proj", width, inner, bias: false);
        _up = LinearWeights.Take(source, name + ".mlp.up_proj", width, inner, bias: false);
        _down = LinearWeights.Take(source, name + ".mlp.down_proj", inner, width, bias: false);
    }

    /// <summary>The normed hidden states that <see cref="QueryKey"/> and <see cref="Value"/> read.</summary>
    public Tensor Normalize(Tensor hidden) => _attentionNorm.Apply(hidden);

    /// <summary>Rotated queries <c>[batch, heads, tokens, headSize]</c> and keys <c>[batch, keyValueHeads, tokens, headSize]</c>.</summary>
    public (Tensor Query, Tensor Key) QueryKey(Tensor normed, RotaryTable positions) =>
        (positions.Rotate(SplitHeads(_query.Apply(normed))), positions.Rotate(SplitHeads(_key.Apply(normed))));

    /// <summary>Values <c>[batch, keyValueHeads, tokens, headSize]</c>.</summary>
    public Tensor Value(Tensor normed) => SplitHeads(_value.Apply(normed));

    /// <summary>The layer's output: residual, attention output <c>[batch, heads, tokens, headSize]</c>, feed-forward.</summary>
    public Tensor Complete(Tensor hidden, Tensor attended)
    {
        hidden = hidden.Plus(_output.Apply(attended.transpose(1, 2).flatten(2)));
        Tensor normed = _feedForwardNorm.Apply(hidden);
        return hidden.Plus(_down.Apply(nn.functional.silu(_gate.Apply(normed)) * _up.Apply(normed)));
    }

    private Tensor SplitHeads(Tensor input) => input.view(input.shape[0], input.shape[1], -1, _headSize).transpose(1, 2);
}
