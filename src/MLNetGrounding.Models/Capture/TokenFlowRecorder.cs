using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Joins the heads of each layer into one matrix per query and, once all layers were seen, sends each query's row from the top layer down.
/// The result holds the rows over the visual tokens, <c>[queries, visualTokens]</c>.
/// </summary>
/// <remarks>
/// The prefix with the image looks the same to all queries, so its attention is computed once; queries differ in their own tokens' rows
/// and, where these have a say in it, in the heads' weights. Tokens before the image are left out of the matrices: no flow returns from
/// them to the image.
/// </remarks>
internal sealed class TokenFlowRecorder : ILayerRecorder
{
    private readonly TokenFlowOptions _options;
    private readonly PreparedPrompt _prompt;
    private readonly int[] _queries;
    private readonly int _rowSet;
    private readonly int _firstLayer;
    private readonly int _visual;
    private int _imageStart;

    // Own tokens of the query that has most of them; shorter ones are padded with zeros.
    private readonly int _own;

    // Per layer: what visual tokens give to visual tokens, [queries or 1, V, V], or of more queries than heads the heads, [heads, V, V],
    // and their weights, [heads, queries, 1]; and what own tokens give to visual and own ones, [queries, own, V + own].
    private readonly List<(Tensor Visual, Tensor? Weights, Tensor Own)> _layers = [];

    public TokenFlowRecorder(TokenFlowObserver observer, PreparedPrompt prompt, ModelInfo model)
    {
        _options = observer.Options;
        _prompt = prompt;
        _queries = observer.Queries(prompt);
        _rowSet = prompt.Rows.ToList().IndexOf(observer.Row);
        _firstLayer = _options.FirstLayer(model.Layers);
        _visual = prompt.VisualTokens;
        _own = _queries.Length == 0 ? 0 : _queries.Max(OwnTokens);
    }

    public void Observe(LayerAttention attention)
    {
        if (attention.Layer < _firstLayer || _queries.Length == 0)
        {
            return;
        }

        _imageStart = attention.ImageStart;
        using DisposeScope scope = NewDisposeScope();
        Tensor prefix = attention.PrefixProbabilities();
        Tensor visual = prefix.narrow(1, _imageStart, _visual).narrow(2, _imageStart, _visual);
        bool weighted = _options.Heads != HeadWeighting.Equal;
        Tensor? strength = weighted ? LargestKeys(prefix).sum([-1]) : null;
        List<Tensor> weights = [];
        List<Tensor> own = [];
        foreach (int query in _queries)
        {
            Tensor suffix = attention.SuffixProbabilities(query);
            Tensor rows = suffix.narrow(2, _imageStart, _visual + OwnTokens(query));
            if (weighted)
            {
                Tensor weight = Weights(strength!.Plus(LargestKeys(suffix).sum([-1])), attention.SequenceLength(query));
                weights.Add(weight);
                rows = rows * weight.view(-1, 1, 1);
            }

            own.Add(Padded(rows.mean([0])));
        }

        Tensor? byHead = weighted ? stack([.. weights]).Times(1.0 / attention.HeadCount) : null;
        bool keepHeads = _queries.Length > attention.HeadCount && weighted;
        Tensor joined =
            byHead is null ? visual.mean([0], keepdim: true)
            : keepHeads ? visual.contiguous()
            : matmul(byHead, visual.reshape(attention.HeadCount, -1)).view(-1, _visual, _visual);
        _layers.Add((Keep(joined), keepHeads ? Keep(byHead!.transpose(0, 1).unsqueeze(-1)) : null, Keep(stack([.. own]))));

        static Tensor Keep(Tensor tensor) => tensor.MoveToOuterDisposeScope().MoveToOuterDisposeScope();
    }

    public float[] Complete()
    {
        if (_queries.Length == 0)
        {
            return [];
        }

        using DisposeScope scope = NewDisposeScope();
        return _prompt.Layout!.Apply(Rows().narrow(1, 0, _visual).ToFloats());
    }

    /// <summary>
    /// The rows over the visual tokens and the query's own, <c>[queries, visualTokens + own]</c>, instead of <see cref="Complete"/>.
    /// </summary>
    internal float[] CompleteWithOwnTokens()
    {
        using DisposeScope scope = NewDisposeScope();
        return Rows().ToFloats();
    }

    private Tensor Rows()
    {
        Device device = _layers[0].Visual.device;
        Tensor regularizer = Regularizer().to(device);
        Tensor row = StartRows().to(device);
        Tensor factor = ones_like(regularizer);
        Tensor total = zeros_like(row);
        for (int layer = _layers.Count - 1; layer >= 0; layer--)
        {
            Tensor step = Step(row, _layers[layer]);
            if (_options.Regularizer == CausalRegularizer.EveryMatrix)
            {
                step = step * regularizer;
            }

            row = _options.Form == TokenFlowForm.Product ? step : row.Plus(step);
            if (_options.Form == TokenFlowForm.Halved)
            {
                row = row.Times(0.5);
            }

            if (_options.Regularizer == CausalRegularizer.EveryStep)
            {
                factor = factor * regularizer;
            }

            total = total.Plus(row * factor);
        }

        Tensor flow = _options.Form == TokenFlowForm.Accumulated ? total : row * factor;
        flow = _options.Regularizer == CausalRegularizer.Final ? flow * regularizer : flow;
        foreach ((Tensor visual, Tensor? weights, Tensor own) in _layers)
        {
            visual.Dispose();
            weights?.Dispose();
            own.Dispose();
        }

        return flow;
    }

    private int OwnTokens(int query) => _prompt.Suffixes[query].TokenIds.Count;

    /// <summary>Largest attention of each token to the keys that count, <c>[heads, tokens]</c>.</summary>
    private Tensor LargestKeys(Tensor probabilities) =>
        (_options.Heads == HeadWeighting.LargestVisualKey ? probabilities.narrow(2, _imageStart, _visual) : probabilities).amax([-1]);

    /// <summary>Weights of the heads from the sums over all tokens of their largest attention.</summary>
    private Tensor Weights(Tensor sums, int tokens) =>
        _options.Heads == HeadWeighting.LargestVisualKey ? sums / sums.amax([0]) : sums.Times(1.0 / tokens);

    /// <summary>Rows <c>[tokens, V + tokens]</c> with zeros up to the longest query's, <c>[own, V + own]</c>.</summary>
    private Tensor Padded(Tensor rows)
    {
        Tensor padded = zeros([_own, _visual + _own], rows.dtype, rows.device);
        padded.narrow(0, 0, rows.shape[0]).narrow(1, 0, rows.shape[1]).copy_(rows);
        return padded;
    }

    /// <summary>One layer's row times matrix, <c>[queries, V + own]</c>.</summary>
    private Tensor Step(Tensor row, (Tensor Visual, Tensor? Weights, Tensor Own) layer)
    {
        Tensor fromVisual = row.narrow(1, 0, _visual);
        Tensor fromOwn = row.narrow(1, _visual, _own);
        Tensor toVisual =
            layer.Weights is { } weights ? (matmul(fromVisual, layer.Visual) * weights).sum([0])
            : layer.Visual.shape[0] == 1 ? matmul(fromVisual, layer.Visual[0])
            : matmul(fromVisual.unsqueeze(1), layer.Visual).squeeze(1);
        Tensor step = matmul(fromOwn.unsqueeze(1), layer.Own).squeeze(1);
        step.narrow(1, 0, _visual).PlusInPlace(toVisual);
        return step;
    }

    /// <summary>1 at the query's row, split evenly over several sub-tokens, <c>[queries, V + own]</c>.</summary>
    private Tensor StartRows()
    {
        int width = _visual + _own;
        float[] start = new float[_queries.Length * width];
        for (int index = 0; index < _queries.Length; index++)
        {
            IReadOnlyList<int> rows = _prompt.Suffixes[_queries[index]].RowSets[_rowSet];
            foreach (int row in rows)
            {
                start[index * width + _visual + row] += 1f / rows.Count;
            }
        }

        return tensor(start, [_queries.Length, width]);
    }

    /// <summary>
    /// (j + 1) / n for each token's position j among the n tokens of the query's whole sequence, <c>[queries, V + own]</c>.
    /// </summary>
    private Tensor Regularizer()
    {
        int width = _visual + _own;
        float[] factors = new float[_queries.Length * width];
        for (int index = 0; index < _queries.Length; index++)
        {
            int tokens = _imageStart + _visual + OwnTokens(_queries[index]);
            for (int token = 0; token < width; token++)
            {
                factors[index * width + token] = (float)(_imageStart + token + 1) / tokens;
            }
        }

        return tensor(factors, [_queries.Length, width]);
    }
}
