using MLNetGrounding.Models.Abstractions;
using MLNetGrounding.Models.Runtime;
using static TorchSharp.torch;

namespace MLNetGrounding.Models.Capture;

/// <summary>The encoder's features at their places among the tokens that stand for the image.</summary>
internal sealed class VisualFeatures
{
    private readonly EncodedImage _encoded;
    private readonly ImageSpan _span;

    // Where the visual tokens are in the span; null where they are all of it.
    private readonly long[]? _places;

    public VisualFeatures(EncodedImage encoded, ImageSpan span, int imageTokenId)
    {
        _encoded = encoded;
        _span = span;
        long[] places =
        [
            .. Enumerable.Range(0, span.Ids.Count).Where(token => span.Ids[token] == imageTokenId).Select(token => (long)token),
        ];
        _places = places.Length == span.Ids.Count ? null : places;
        if (places.Length != encoded.Features.shape[0])
        {
            throw new InvalidOperationException(
                $"The encoder gave {encoded.Features.shape[0]} features for {places.Length} visual tokens."
            );
        }
    }

    /// <summary>The hidden states of the whole span, <c>[1, tokens, width]</c>.</summary>
    /// <param name="embed">Embeds token ids.</param>
    public Tensor Embed(Func<IReadOnlyList<int>, Tensor> embed)
    {
        Tensor features = _encoded.Features.unsqueeze(0);
        return _places is null ? features : embed(_span.Ids).index_copy(1, Places(), features);
    }

    /// <summary>
    /// Adds what the encoder has for the output of a decoder layer to the visual tokens; the queries' own tokens get nothing.
    /// </summary>
    /// <param name="hidden">Hidden states of the packed sequence.</param>
    /// <param name="layer">The layer that they are the output of.</param>
    /// <param name="imageStart">Position of the first visual token.</param>
    public Tensor AddTo(Tensor hidden, int layer, int imageStart)
    {
        if (layer < _encoded.LayerFeatures.Count)
        {
            Tensor span = hidden.narrow(1, imageStart, _span.Ids.Count);
            Tensor added = _encoded.LayerFeatures[layer].unsqueeze(0);
            span.PlusInPlace(_places is null ? added : zeros_like(span).index_copy(1, Places(), added));
        }

        return hidden;
    }

    /// <summary>Each cell's own visual token, <c>[gridHeight, gridWidth, width]</c>; zeros where no token shows a cell.</summary>
    public float[] OfCells()
    {
        if (_span.Layout.IsRowByRow && _places is null)
        {
            return _encoded.Features.ToFloats();
        }

        float[] features = _encoded.Features.ToFloats();
        int width = (int)_encoded.Features.shape[1];
        int[] rows = new int[_span.Ids.Count];
        Array.Fill(rows, -1);
        for (int row = 0; row < features.Length / width; row++)
        {
            rows[_places?[row] ?? row] = row;
        }

        int[] tokens = _span.Layout.TokenOfCell();
        float[] cells = new float[tokens.Length * width];
        for (int cell = 0; cell < tokens.Length; cell++)
        {
            if (tokens[cell] >= 0 && rows[tokens[cell]] is >= 0 and var row)
            {
                features.AsSpan(row * width, width).CopyTo(cells.AsSpan(cell * width, width));
            }
        }

        return cells;
    }

    private Tensor Places() => tensor(_places!, device: _encoded.Features.device);
}
