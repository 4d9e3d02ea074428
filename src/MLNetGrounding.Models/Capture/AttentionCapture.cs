using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding;

/// <summary>What a model paid attention to in one image, for all queries of a prompt. Arrays are row-major.</summary>
public sealed class AttentionCapture
{
    internal AttentionCapture(PreparedPrompt prompt, ImageGeometry geometry)
    {
        Prompt = prompt;
        Geometry = geometry;
    }

    /// <summary>The queries.</summary>
    public PreparedPrompt Prompt { get; }

    /// <summary>Maps pixels of the image to grid cells and back.</summary>
    public ImageGeometry Geometry { get; }

    /// <summary>The fine queries' maps, <c>[queries, layers, heads, gridHeight, gridWidth]</c>; empty without fine queries.</summary>
    public float[] FineAttention { get; internal init; } = [];

    /// <summary>The coarse query's maps, <c>[layers, heads, gridHeight, gridWidth]</c>; empty without a coarse query.</summary>
    public float[] CoarseAttention { get; internal init; } = [];

    /// <summary>The neutral queries' maps, shaped like <see cref="FineAttention"/>.</summary>
    public float[] NeutralAttention { get; internal init; } = [];

    /// <summary>The background queries' maps, shaped like <see cref="FineAttention"/>.</summary>
    public float[] BackgroundAttention { get; internal init; } = [];

    /// <summary>
    /// The coarse query's flow matrices, <c>[layers, m, m]</c> with m = <see cref="PreparedPrompt.FlowTokens"/>: heads aggregated as
    /// <see cref="CaptureOptions.Flow"/> says, cut to the tokens from the first visual to the last coarse one. Empty where none were asked
    /// for.
    /// </summary>
    public float[] CoarseFlow { get; internal init; } = [];

    /// <summary>Sums of the flow matrices' rows before they were cut, <c>[layers, m]</c>.</summary>
    public float[] FlowRowSums { get; internal init; } = [];

    /// <summary>
    /// Which visual tokens <see cref="CaptureOptions.Amplification"/> amplified, <c>[gridHeight, gridWidth]</c>; empty without it.
    /// </summary>
    public IReadOnlyList<bool> AmplifiedCells { get; internal init; } = [];

    /// <summary>
    /// Each cell's own visual token as the decoder reads it, <c>[gridHeight, gridWidth, width]</c>; zeros where no token shows a cell.
    /// Empty unless <see cref="CaptureOptions.PatchFeatures"/>.
    /// </summary>
    public float[] PatchFeatures { get; internal init; } = [];

    /// <summary>
    /// Per query, in the order of <see cref="PreparedPrompt.Queries"/>, the logits of its tokens, <c>[tokens, vocabulary]</c>; empty unless
    /// <see cref="CaptureOptions.SuffixLogits"/>.
    /// </summary>
    public IReadOnlyList<float[]> SuffixLogits { get; internal init; } = [];

    /// <summary>
    /// For each of <see cref="PreparedPrompt.Rows"/>, the maps of that row by role, shaped like <see cref="FineAttention"/>.
    /// </summary>
    internal IReadOnlyList<IReadOnlyDictionary<QueryRole, float[]>> Rows { get; init; } = [];

    /// <summary>Per observer of <see cref="CaptureOptions.Observers"/>, what it made of the image.</summary>
    public IReadOnlyList<float[]> Observations { get; internal init; } = [];

    /// <summary>
    /// The first layer whose attention holds NaN or infinity, from 0, or <see langword="null"/>: weights that are damaged or were
    /// overwritten, or values beyond the range of the model's precision. Found when asked for.
    /// </summary>
    internal int? FirstNonFiniteLayer
    {
        get
        {
            int layers = Prompt.Layers;
            (QueryRole Role, float[] Values)[] maps =
            [
                (QueryRole.Fine, FineAttention),
                (QueryRole.Coarse, CoarseAttention),
                (QueryRole.Neutral, NeutralAttention),
                (QueryRole.Background, BackgroundAttention),
            ];
            IReadOnlyList<AttentionQuery> queries = Prompt.Queries;
            return maps.Select(map => FirstNonFinite(map.Values, queries.Count(query => query.Role == map.Role), layers))
                .Append(FirstNonFinite(CoarseFlow, 1, layers))
                .Append(FirstNonFinite(FlowRowSums, 1, layers))
                .Min();
        }
    }

    /// <summary>The maps of one role at one of the captured rows, <c>[queries, layers, heads, gridHeight, gridWidth]</c>.</summary>
    internal float[] Maps(QueryRole role, QueryRow row) => Rows[Prompt.Rows.ToList().IndexOf(row)][role];

    /// <param name="values"><c>[queries, layers, ...]</c>, or empty.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="layers">The number of layers.</param>
    private static int? FirstNonFinite(float[] values, int queries, int layers)
    {
        int length = values.Length / Math.Max(1, queries * layers);
        int? first = null;
        for (int block = 0; length > 0 && block < queries * layers; block++)
        {
            if (!Numbers.AreFinite(values.AsSpan(block * length, length)))
            {
                first = Math.Min(first ?? int.MaxValue, block % layers);
            }
        }

        return first;
    }
}
