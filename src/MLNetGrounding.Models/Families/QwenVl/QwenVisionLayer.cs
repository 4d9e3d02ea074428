using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Layers;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Families.QwenVl;

/// <summary>One pre-norm layer of a <see cref="QwenVisionTower"/>.</summary>
internal sealed class QwenVisionLayer
{
    // 32 MiB of float32.
    private const long InnerElements = 1 << 23;

    private readonly QwenNorm _attentionNorm;
    private readonly LinearWeights _queryKeyValue;
    private readonly LinearWeights _output;
    private readonly QwenNorm _feedForwardNorm;
    private readonly LinearWeights[] _expand;
    private readonly LinearWeights _contract;
    private readonly QwenVisionSettings _settings;

    public QwenVisionLayer(ITensorSource source, string name, QwenVisionSettings settings)
    {
        int width = settings.Width;
        _settings = settings;
        _attentionNorm = new QwenNorm(source, name + ".norm1", width, settings);
        _queryKeyValue = LinearWeights.Take(source, name + ".attn.qkv", width, 3 * width, bias: true);
        _output = LinearWeights.Take(source, name + ".attn.proj", width, width, bias: true);
        _feedForwardNorm = new QwenNorm(source, name + ".norm2", width, settings);
        _expand =
        [
            .. settings
                .FeedForward.SkipLast(1)
                .Select(part => LinearWeights.Take(source, $"{name}.mlp.{part}", width, settings.InnerWidth, bias: true)),
        ];
        _contract = LinearWeights.Take(source, $"{name}.mlp.{settings.FeedForward[^1]}", settings.InnerWidth, width, bias: true);
    }

    /// <summary>Runs the layer on hidden states <c>[patches, width]</c>.</summary>
    /// <param name="hidden">Hidden states.</param>
    /// <param name="rotation">The patches' positions.</param>
    /// <param name="windows">What attends to each other, in patches.</param>
    public Tensor Forward(Tensor hidden, RotaryTable rotation, IReadOnlyList<WindowGroup> windows)
    {
        hidden = hidden.Plus(_output.Apply(Attend(_attentionNorm.Apply(hidden), rotation, windows)));
        return hidden.Plus(FeedForward(hidden));
    }

    /// <summary>
    /// Patch by patch the same, so that it is done for some of them at a time: the wide states of all would be most of the tower's memory.
    /// </summary>
    private Tensor FeedForward(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        long rows = Math.Max(1, InnerElements / _settings.InnerWidth);
        List<Tensor> parts = [];
        for (long first = 0; first < hidden.shape[0]; first += rows)
        {
            using DisposeScope partScope = NewDisposeScope();
            Tensor normed = _feedForwardNorm.Apply(hidden.narrow(0, first, Math.Min(rows, hidden.shape[0] - first)));
            Tensor inner = _settings.Activation.Apply(_expand[0].Apply(normed));
            parts.Add(_contract.Apply(_expand.Length == 1 ? inner : inner * _expand[1].Apply(normed)).MoveToOuterDisposeScope());
        }

        return (parts.Count == 1 ? parts[0] : cat(parts)).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor normed, RotaryTable rotation, IReadOnlyList<WindowGroup> windows)
    {
        using DisposeScope scope = NewDisposeScope();
        int heads = _settings.Heads;
        long size = _settings.Width / heads;
        Tensor split = _queryKeyValue.Apply(normed).view(-1, 3, heads, size);
        Tensor query = rotation.Rotate(Part(0));
        Tensor key = rotation.Rotate(Part(1));
        Tensor value = Part(2);
        Tensor[] parts =
        [
            .. windows.Select(group =>
                nn.functional.scaled_dot_product_attention(Batch(query, group), Batch(key, group), Batch(value, group))
                    .transpose(1, 2)
                    .reshape(-1, _settings.Width)
            ),
        ];
        return (parts.Length == 1 ? parts[0] : cat(parts)).MoveToOuterDisposeScope();

        Tensor Part(int index) => split.select(1, index).transpose(0, 1);

        Tensor Batch(Tensor all, WindowGroup group) =>
            all.narrow(1, group.Start, (long)group.Windows * group.Tokens).view(heads, group.Windows, group.Tokens, size).transpose(0, 1);
    }
}
