using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>
/// Records which visual tokens are attention sinks, 1 or 0, <c>[layers, gridHeight, gridWidth]</c>; and where sinks of the text count,
/// behind them the attention of each row to all of these together, <c>[queries, rows, layers, heads]</c>.
/// </summary>
internal sealed record SinkObserver(AttentionSinkRemoval Options) : ILayerObserver
{
    public ILayerRecorder Begin(PreparedPrompt prompt, ModelInfo model) => new Recorder(Options, prompt, model);

    /// <summary>The attention to the text's sinks of one query's row, <c>[layers, heads]</c>; empty where it was not recorded.</summary>
    /// <param name="observation">What was recorded.</param>
    /// <param name="prompt">The queries.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Heads of each layer.</param>
    /// <param name="query">Index among all queries.</param>
    /// <param name="row">Index of the row.</param>
    public ReadOnlySpan<float> TextSinks(float[] observation, PreparedPrompt prompt, int layers, int heads, int query, int row) =>
        Options.TextSinks
            ? observation.AsSpan((layers * prompt.Grid.Cells) + (((query * prompt.Rows.Count) + row) * layers * heads), layers * heads)
            : [];

    /// <summary>
    /// The elements in which a state is largest; of equal ones, which narrow types have, the first, as libtorch does not promise.
    /// </summary>
    /// <param name="sizes">Absolute values over the root mean square, <c>[width]</c>.</param>
    /// <param name="count">How many.</param>
    internal static IReadOnlyList<int> Largest(Tensor sizes, int count)
    {
        float[] values = sizes.ToFloats();
        return [.. Enumerable.Range(0, values.Length).OrderByDescending(element => values[element]).Take(count)];
    }

    /// <summary>Absolute values of hidden states over their root mean square, <c>[tokens, width]</c>.</summary>
    internal static Tensor Sizes(Tensor states, double epsilon) =>
        (states * rsqrt(states.Squared().mean([-1], keepdim: true).Plus(epsilon))).abs();

    /// <summary>Which tokens are sinks.</summary>
    /// <param name="sizes">From <see cref="Sizes"/>.</param>
    /// <param name="elements">The elements that tell.</param>
    /// <param name="threshold">As <see cref="AttentionSinkRemoval.Threshold"/>.</param>
    internal static bool[] Find(Tensor sizes, IReadOnlyList<int> elements, double threshold)
    {
        Tensor indices = tensor([.. elements.Select(element => (long)element)], device: sizes.device);
        float least = (float)(threshold * Math.Sqrt(sizes.shape[1]));
        return Array.ConvertAll(sizes.index_select(1, indices).amax([1]).ToFloats(), size => size > least);
    }

    private sealed class Recorder : ILayerRecorder
    {
        private readonly AttentionSinkRemoval _options;
        private readonly PreparedPrompt _prompt;
        private readonly ModelInfo _model;
        private readonly int[] _tokens;
        private readonly bool[] _showsCell;
        private readonly float[] _observation;

        public Recorder(AttentionSinkRemoval options, PreparedPrompt prompt, ModelInfo model)
        {
            (_options, _prompt, _model) = (options, prompt, model);
            _tokens = prompt.Layout!.TokenOfCell();
            _showsCell = new bool[prompt.Layout.Tokens];
            for (int token = 0; token < _showsCell.Length; token++)
            {
                _showsCell[token] = prompt.Layout[token].Count > 0;
            }

            int rows = options.TextSinks ? prompt.Suffixes.Count * prompt.Rows.Count : 0;
            _observation = new float[model.Layers * (_tokens.Length + (rows * model.Heads))];
        }

        public void Observe(LayerAttention attention)
        {
            if (attention.Layer < _options.FirstLayer)
            {
                return;
            }

            using DisposeScope scope = NewDisposeScope();
            Tensor sizes = Sizes(attention.PrefixStates(), _model.NormEpsilon);
            IReadOnlyList<int> elements = _options.Dimensions ?? Largest(sizes[0], _options.FoundDimensions);
            bool[] sinks = Find(sizes, elements, _options.Threshold);
            Span<float> cells = _observation.AsSpan(attention.Layer * _tokens.Length, _tokens.Length);
            bool any = false;
            for (int cell = 0; cell < cells.Length; cell++)
            {
                bool isSink = _tokens[cell] >= 0 && sinks[attention.ImageStart + _tokens[cell]];
                cells[cell] = isSink ? 1 : 0;
                any |= isSink;
            }

            // Without a sink in the image nothing is handed on.
            if (any && _options.TextSinks)
            {
                ObserveText(attention, sinks, elements);
            }
        }

        public float[] Complete() => _observation;

        private void ObserveText(LayerAttention attention, bool[] sinks, IReadOnlyList<int> elements)
        {
            float[] ofPrefix =
            [
                .. sinks.Select(
                    (isSink, token) => isSink && !(token >= attention.ImageStart && _showsCell[token - attention.ImageStart]) ? 1f : 0
                ),
            ];
            for (int query = 0; query < _prompt.Suffixes.Count; query++)
            {
                using DisposeScope scope = NewDisposeScope();
                bool[] own = Find(Sizes(attention.SuffixStates(query), _model.NormEpsilon), elements, _options.Threshold);
                Tensor text = tensor((float[])[.. ofPrefix, .. own.Select(isSink => isSink ? 1f : 0)]);
                Tensor attended = attention.SuffixProbabilities(query);
                float[] given = matmul(attended, text.to(attended.device)).ToFloats();
                int tokens = own.Length;
                for (int row = 0; row < _prompt.Rows.Count; row++)
                {
                    IReadOnlyList<int> positions = _prompt.Suffixes[query].RowSets[row];
                    for (int head = 0; head < attention.HeadCount; head++)
                    {
                        int place = (((((query * _prompt.Rows.Count) + row) * _model.Layers) + attention.Layer) * _model.Heads) + head;
                        _observation[(_model.Layers * _tokens.Length) + place] = (float)
                            positions.Average(position => (double)given[(head * tokens) + position]);
                    }
                }
            }
        }
    }
}
