using MLNetGrounding.Models.Capture;
using MLNetGrounding.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding;

/// <summary>The attention of one decoder layer for one image and all queries, computed as far as it is asked for.</summary>
/// <remarks>
/// Query–key products and softmax are float32 whatever the weights' type. Each query's sequence is the shared prefix (with the image)
/// followed by the query's own tokens; attention is causal. While answers are generated, observers see the newest token of each answer that
/// goes on: its row is the only one then, and <see cref="FirstRow"/> says which.
/// </remarks>
public abstract class LayerAttention
{
    private readonly PackedSequence _sequence;
    private readonly MapCollector _maps;

    private protected LayerAttention(int layer, ModelInfo model, PackedSequence sequence, MapCollector maps)
    {
        Layer = layer;
        LayerCount = model.Layers;
        HeadCount = model.Heads;
        _sequence = sequence;
        _maps = maps;
    }

    /// <summary>Number of this layer, from 0.</summary>
    public int Layer { get; }

    /// <summary>Number of layers, L.</summary>
    public int LayerCount { get; }

    /// <summary>Number of heads, H.</summary>
    public int HeadCount { get; }

    /// <summary>Position of the first visual token in every query's sequence.</summary>
    public int ImageStart => _sequence.ImageStart;

    /// <summary>
    /// Number of tokens that stand for the image, V: from the first visual token to the last, with the markers between them.
    /// </summary>
    public int VisualTokens => _sequence.VisualTokens;

    /// <summary>What each of them shows.</summary>
    public VisualLayout Layout => _sequence.Layout;

    /// <summary>
    /// The queried word's rows, or the newest answer token's, laid out on the grid, <c>[heads, gridHeight, gridWidth]</c>; several
    /// sub-tokens are averaged.
    /// </summary>
    /// <param name="query">Index into <see cref="PreparedPrompt.Queries"/>.</param>
    public ReadOnlySpan<float> Maps(int query) => Maps(query, set: 0);

    /// <summary>Number of tokens, n, in a query's sequence: prefix, image and the query's own, its answer's so far included.</summary>
    /// <param name="query">Index into <see cref="PreparedPrompt.Queries"/>.</param>
    public abstract int SequenceLength(int query);

    /// <summary>The first token of a query's sequence whose row can be asked for: 0, or, while answers are generated, the last.</summary>
    /// <param name="query">Index into <see cref="PreparedPrompt.Queries"/>.</param>
    public abstract int FirstRow(int query);

    /// <summary>
    /// Softmax attention of a query's sequence, <c>[heads, rows, firstRow + rows]</c>; keys after the last row are zero and left out. All
    /// heads of a sequence of 600 tokens are 46 MB at 32 heads: ask for the heads and rows that are needed.
    /// </summary>
    /// <param name="query">Index into <see cref="PreparedPrompt.Queries"/>.</param>
    /// <param name="heads">The heads wanted, ascending; <see langword="null"/> for all.</param>
    /// <param name="firstRow">The first query token, from <see cref="FirstRow"/>.</param>
    /// <param name="rows">How many query tokens; negative for all from <paramref name="firstRow"/> on.</param>
    /// <returns>The values, row-major; the array is the caller's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query, head or token.</exception>
    public float[] ReadProbabilities(int query, IReadOnlyList<int>? heads = null, int firstRow = 0, int rows = -1)
    {
        using DisposeScope scope = NewDisposeScope();
        return Probabilities(query, heads, firstRow, rows).ToFloats();
    }

    /// <summary><see cref="ReadProbabilities"/> where they are, on the model's device.</summary>
    /// <returns>
    /// A tensor of the caller's innermost dispose scope, or of the layer's where there is none: copy or move what is to outlive it.
    /// </returns>
    internal abstract Tensor Probabilities(int query, IReadOnlyList<int>? heads = null, int firstRow = 0, int rows = -1);

    /// <summary>
    /// The rows of another of <see cref="PreparedPrompt.Rows"/> laid out on the grid, <c>[heads, gridHeight, gridWidth]</c>.
    /// </summary>
    internal virtual ReadOnlySpan<float> Maps(int query, int set) => _maps.Map(Layer, query, set);

    /// <summary>Adds the sum over all heads of a query's first row, laid out on the grid, <c>[gridHeight, gridWidth]</c>.</summary>
    internal virtual void AddMapsTo(int query, Span<double> sums)
    {
        ReadOnlySpan<float> maps = Maps(query);
        for (int first = 0; first < maps.Length; first += sums.Length)
        {
            for (int cell = 0; cell < sums.Length; cell++)
            {
                sums[cell] += maps[first + cell];
            }
        }
    }

    /// <summary>Number of tokens of the shared prefix: text before the image and the image.</summary>
    internal int PrefixLength => _sequence.PrefixLength;

    /// <summary>Whether the model runs on the CPU, whose memory is at hand.</summary>
    internal abstract bool IsOnCpu { get; }

    /// <summary>
    /// Softmax attention of the coarse query's sequence in blocks of consecutive rows, so that it need not exist at once and no key after a
    /// block's last row is looked at.
    /// </summary>
    /// <param name="heads">The heads wanted, ascending.</param>
    /// <param name="firstRow">The first query token.</param>
    /// <param name="rows">How many query tokens.</param>
    /// <param name="read">Is given a block's first row and its attention <c>[heads, block, first row + block]</c> in float32.</param>
    internal virtual void ReadCausalBlocks(int[] heads, int firstRow, int rows, Action<int, Tensor> read) => throw OnlyNewest();

    /// <summary>The scores that <see cref="ReadCausalBlocks"/> takes the softmax of, those of a row's later keys among them.</summary>
    internal virtual void ReadCausalScores(int[] heads, int firstRow, int rows, Action<int, Tensor> read) => throw OnlyNewest();

    /// <summary>
    /// Softmax attention within the shared prefix, <c>[heads, prefix, prefix]</c> in float32: the same for all queries, computed once for
    /// all observers of the layer and released with the layer.
    /// </summary>
    internal virtual Tensor PrefixProbabilities() => throw OnlyNewest();

    /// <summary>
    /// Softmax attention of a query's own tokens, <c>[heads, tokens, prefix + tokens]</c> in float32; of an answer, its newest token alone.
    /// </summary>
    internal abstract Tensor SuffixProbabilities(int query);

    /// <summary>Hidden states that the layer reads of the shared prefix, <c>[prefix, width]</c> in float32, before its norm.</summary>
    internal virtual Tensor PrefixStates() => throw OnlyNewest();

    /// <summary>Hidden states that the layer reads of a query's own tokens, <c>[tokens, width]</c> in float32, before its norm.</summary>
    internal virtual Tensor SuffixStates(int query) => throw OnlyNewest();

    /// <summary>Refuses an index that is out of range.</summary>
    private protected static void RequireIndex(int index, int count, string parameter)
    {
        if (index < 0 || index >= count)
        {
            throw new ArgumentOutOfRangeException(parameter, index, $"A number from 0 to {count - 1} was expected.");
        }
    }

    private static NotSupportedException OnlyNewest() =>
        new(
            $"While answers are generated only the row of each answer's newest token exists, but an observer asks for rows of the image or of the question. Give it to {nameof(CaptureOptions)}.{nameof(CaptureOptions.Observers)}, with the answer as a part of the query's tokens."
        );
}
