using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Capture;
using MLNetGrounding.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetGrounding.Golden.Peers;

/// <summary>
/// Stored attention of a whole prompt, shown to an observer as if a model had it: queries that pick a row, and keys that are the logarithms
/// of the stored columns, whose softmax is what was stored.
/// </summary>
internal sealed class StoredAttention
{
    // exp of less is no ordinary single-precision number.
    private const float LeastLogarithm = -87;

    private readonly float[] _attention;
    private readonly int _heads;
    private readonly int _tokens;
    private readonly ModelInfo _model;
    private readonly PreparedPrompt _prompt;
    private readonly PackedSequence _sequence;

    /// <param name="attention"><c>[layers, heads, n, n]</c>.</param>
    /// <param name="ids">The prompt's tokens.</param>
    /// <param name="imageStart">The first visual token.</param>
    /// <param name="grid">The visual tokens' cells, row by row.</param>
    /// <param name="word">The positions of the queried word's tokens; <see langword="null"/> for the last token of the prompt.</param>
    public StoredAttention(NpyFile attention, IReadOnlyList<int> ids, int imageStart, MapGrid grid, IReadOnlyList<int>? word = null)
    {
        _attention = attention.Floats();
        (int layers, _heads, _tokens) = (attention.Shape[0], attention.Shape[1], attention.Shape[2]);
        var layout = VisualLayout.RowByRow(grid);
        _model = new ModelInfo
        {
            Family = "stored",
            Layers = layers,
            Heads = _heads,
            Width = 1,
            VocabularySize = int.MaxValue,
            Grid = grid,
            HasFixedGrid = true,
            LongestPrompt = int.MaxValue,
        };
        int[] own = [.. ids.Skip(imageStart + grid.Cells)];
        int first = ids.Count - own.Length;
        PreparedSuffix suffix = new(
            AttentionQuery.Fine("stored"),
            own,
            [
                [.. (word ?? [ids.Count - 1]).Select(position => position - first)],
            ]
        );
        _prompt = new PreparedPrompt(
            [.. ids.Take(imageStart)],
            [suffix],
            [word is null ? QueryRow.LastPromptToken : QueryRow.WordMean],
            _model,
            new CaptureOptions { Flow = null },
            layout
        );
        _sequence = new PackedSequence(_prompt, ImageSpan.Plain(0, layout), axes: 1);
    }

    /// <summary>What an observer records.</summary>
    public float[] Observe(ILayerObserver observer) => Recorded(observer).Complete();

    /// <summary>A flow's row over all tokens from the first visual one on.</summary>
    public float[] ObserveRow(TokenFlowObserver observer) => ((TokenFlowRecorder)Recorded(observer)).CompleteWithOwnTokens();

    private ILayerRecorder Recorded(ILayerObserver observer)
    {
        ILayerRecorder recorder = observer.Begin(_prompt, _model);
        MapCollector maps = new(_prompt, _model, new CaptureMemory());
        int length = _heads * _tokens * _tokens;
        using Tensor rows = eye(_tokens).expand(1, _heads, _tokens, _tokens).contiguous();
        for (int layer = 0; layer < _model.Layers; layer++)
        {
            using DisposeScope scope = NewDisposeScope();
            float[] logarithms = Array.ConvertAll(
                _attention[(layer * length)..((layer + 1) * length)],
                value => Math.Max(LeastLogarithm, MathF.Log(value))
            );
            Tensor keys = tensor(logarithms, [1, _heads, _tokens, _tokens]).transpose(2, 3).contiguous();
            recorder.Observe(
                new PackedLayerAttention(
                    layer,
                    _model,
                    new Scale(_heads),
                    _sequence,
                    new LayerTensors(rows, rows, keys, null, scope),
                    maps,
                    amplified: null
                )
            );
        }

        return recorder;
    }

    /// <summary>A decoder of which nothing but its scale is asked.</summary>
    private sealed class Scale(int heads) : IDecoder
    {
        public IReadOnlyList<IDecoderLayer> Layers => throw new NotSupportedException();

        public int PositionAxes => 1;

        public double AttentionScale => 1;

        public int KeyValueHeads => heads;

        public Tensor Embed(Tensor ids) => throw new NotSupportedException();

        public IRotation Rotation(IReadOnlyList<int[]> positions, ScalarType type, Device device) => throw new NotSupportedException();

        public Tensor Logits(Tensor hidden) => throw new NotSupportedException();

        public Tensor Logits(Tensor hidden, Tensor ids) => throw new NotSupportedException();
    }
}
