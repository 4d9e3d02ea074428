using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Vision;

/// <summary>One pre-norm layer of a <see cref="VisionTransformer"/>.</summary>
internal sealed class VisionLayer
{
    // No file states another; that of the other norms is not meant.
    private const double QueryKeyEpsilon = 1e-6;

    private readonly VisionNorm _attentionNorm;
    private readonly LinearWeights _query;
    private readonly LinearWeights _key;
    private readonly LinearWeights _value;
    private readonly LinearWeights _output;
    private readonly RmsNorm? _queryNorm;
    private readonly RmsNorm? _keyNorm;
    private readonly Tensor? _attentionScale;
    private readonly VisionNorm _feedForwardNorm;
    private readonly LinearWeights _expand;
    private readonly LinearWeights _contract;
    private readonly Tensor? _feedForwardScale;
    private readonly VisionTransformerSettings _settings;

    public VisionLayer(ITensorSource source, string name, VisionTransformerSettings settings)
    {
        int width = settings.Width;
        VisionTensorNames names = settings.Names;
        string attention = $"{name}.{names.Attention}";
        _settings = settings;
        _query = LinearWeights.Take(source, attention + ".q_proj", width, width, settings.HasQueryKeyValueBias);
        _key = LinearWeights.Take(source, attention + ".k_proj", width, width, settings.HasQueryKeyValueBias);
        _value = LinearWeights.Take(source, attention + ".v_proj", width, width, settings.HasQueryKeyValueBias);
        _output = LinearWeights.Take(source, $"{attention}.{names.Output}", width, width, bias: true);
        _queryNorm = settings.NormsQueryKey ? new RmsNorm(source.Take(attention + ".q_norm.weight", width), QueryKeyEpsilon) : null;
        _keyNorm = settings.NormsQueryKey ? new RmsNorm(source.Take(attention + ".k_norm.weight", width), QueryKeyEpsilon) : null;
        _attentionScale = settings.HasLayerScales ? source.Take(name + ".lambda_1", width) : null;
        _attentionNorm = VisionNorm.Take(source, $"{name}.{names.AttentionNorm}", settings, settings.UsesRootMeanSquare);
        _feedForwardNorm = VisionNorm.Take(source, $"{name}.{names.FeedForwardNorm}", settings, settings.UsesRootMeanSquare);
        _expand = LinearWeights.Take(source, name + ".mlp.fc1", width, settings.InnerWidth, bias: true);
        _contract = LinearWeights.Take(source, name + ".mlp.fc2", settings.InnerWidth, width, bias: true);
        _feedForwardScale = settings.HasLayerScales ? source.Take(name + ".lambda_2", width) : null;
    }

    /// <summary>States the tensors of a layer that no forward pass reaches.</summary>
    public static void Skip(ITensorSource source, string name, VisionTransformerSettings settings) =>
        _ = new VisionLayer(new SkippingSource(source), name, settings);

    /// <summary>Runs the layer on hidden states <c>[batch, tokens, width]</c>.</summary>
    /// <param name="hidden">The hidden states.</param>
    /// <param name="keys">Which tokens are attended to, <c>[batch, 1, 1, tokens]</c>; <see langword="null"/> for all.</param>
    public Tensor Forward(Tensor hidden, Tensor? keys = null)
    {
        Tensor normed = _attentionNorm.Apply(hidden);
        Tensor attended = nn.functional.scaled_dot_product_attention(
            SplitHeads(Normed(_query.Apply(normed), _queryNorm)),
            SplitHeads(Normed(_key.Apply(normed), _keyNorm)),
            SplitHeads(_value.Apply(normed)),
            keys
        );
        hidden = hidden.Plus(Scaled(_output.Apply(attended.transpose(1, 2).flatten(2)), _attentionScale));
        return hidden.Plus(
            Scaled(_contract.Apply(_settings.Activation.Apply(_expand.Apply(_feedForwardNorm.Apply(hidden)))), _feedForwardScale)
        );
    }

    private static Tensor Normed(Tensor input, RmsNorm? norm) => norm?.Apply(input) ?? input;

    private static Tensor Scaled(Tensor input, Tensor? scale) => scale is null ? input : input * scale;

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
