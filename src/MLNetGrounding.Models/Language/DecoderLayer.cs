using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Language;

/// <summary>A layer of a <see cref="TransformerDecoder"/>.</summary>
internal sealed class DecoderLayer : IDecoderLayer
{
    private readonly RmsNorm _attentionNorm;
    private readonly LinearWeights _query;
    private readonly LinearWeights _key;
    private readonly LinearWeights _value;
    private readonly LinearWeights _output;
    private readonly RmsNorm? _queryNorm;
    private readonly RmsNorm? _keyNorm;
    private readonly RmsNorm _feedForwardNorm;
    private readonly LinearWeights _gate;
    private readonly LinearWeights _up;
    private readonly LinearWeights _down;
    private readonly int _headSize;

    public DecoderLayer(ITensorSource source, string name, DecoderSettings settings)
    {
        int width = settings.Width;
        int queries = settings.Heads * settings.HeadSize;
        int keys = settings.KeyValueHeads * settings.HeadSize;
        _headSize = settings.HeadSize;
        _attentionNorm = Norm("input_layernorm", width);
        _query = LinearWeights.Take(source, name + ".self_attn.q_proj", width, queries, settings.QueryKeyValueBias);
        _key = LinearWeights.Take(source, name + ".self_attn.k_proj", width, keys, settings.QueryKeyValueBias);
        _value = LinearWeights.Take(source, name + ".self_attn.v_proj", width, keys, settings.QueryKeyValueBias);
        _output = LinearWeights.Take(source, name + ".self_attn.o_proj", queries, width, bias: false);
        _queryNorm = settings.HeadNorms ? Norm("self_attn.q_norm", _headSize) : null;
        _keyNorm = settings.HeadNorms ? Norm("self_attn.k_norm", _headSize) : null;
        _feedForwardNorm = Norm("post_attention_layernorm", width);
        _gate = LinearWeights.Take(source, name + ".mlp.gate_proj", width, settings.InnerWidth, bias: false);
        _up = LinearWeights.Take(source, name + ".mlp.up_proj", width, settings.InnerWidth, bias: false);
        _down = LinearWeights.Take(source, name + ".mlp.down_proj", settings.InnerWidth, width, bias: false);

        RmsNorm Norm(string part, int size) => new(source.Take($"{name}.{part}.weight", size), settings.NormEpsilon);
    }

    /// <inheritdoc/>
    public Tensor Normalize(Tensor hidden) => _attentionNorm.Apply(hidden);

    /// <inheritdoc/>
    public (Tensor Query, Tensor Key) QueryKey(Tensor normed, IRotation rotation) =>
        (rotation.Rotate(Heads(normed, _query, _queryNorm)), rotation.Rotate(Heads(normed, _key, _keyNorm)));

    /// <inheritdoc/>
    public Tensor Value(Tensor normed) => SplitHeads(_value.Apply(normed)).transpose(1, 2);

    /// <inheritdoc/>
    public Tensor Complete(Tensor hidden, Tensor attended)
    {
        hidden = hidden.Plus(_output.Apply(attended.transpose(1, 2).flatten(2)));
        Tensor normed = _feedForwardNorm.Apply(hidden);
        return hidden.Plus(_down.Apply(nn.functional.silu(_gate.Apply(normed)) * _up.Apply(normed)));
    }

    private Tensor Heads(Tensor normed, LinearWeights weights, RmsNorm? norm)
    {
        Tensor heads = SplitHeads(weights.Apply(normed));
        return (norm is null ? heads : norm.Apply(heads)).transpose(1, 2);
    }

    private Tensor SplitHeads(Tensor input) => input.view(input.shape[0], input.shape[1], -1, _headSize);
}
