using System.Text.Json.Serialization;
using MLNetGrounding.Attention;

namespace MLNetGrounding;

/// <summary>The model, the questions and the columns of attention extraction.</summary>
/// <remarks>
/// A saved model holds the columns as they stand here, the questions as tokens, and the model as its location and identity
/// (<see cref="CheckpointLocator"/>).
/// </remarks>
public sealed class AttentionExtractorOptions : ICapturingOptions
{
    /// <summary>The checkpoint folder to open. Either this or <see cref="Model"/> is set. Default <see langword="null"/>.</summary>
    [JsonIgnore]
    public string? ModelDirectory { get; set; }

    /// <summary>
    /// An open model to share; it stays the caller's to dispose, and may be disposed while transformers still use its weights.
    /// Default <see langword="null"/>.
    /// </summary>
    [JsonIgnore]
    public VisionLanguageModel? Model { get; set; }

    /// <summary>
    /// Device and precision for <see cref="ModelDirectory"/>. Default <see langword="null"/>: the GPU that
    /// <see cref="Microsoft.ML.MLContext.GpuDeviceId"/> names, else the CPU. A saved model keeps the precision; the device is chosen anew by
    /// the context that loads it.
    /// </summary>
    [JsonIgnore]
    public VisionLanguageModelOptions? ModelOptions { get; set; }

    /// <summary>
    /// The fine words to look for, each asked about with the model's own question. Default: the paper's ten attributes of birds,
    /// <see cref="CubParts.Attributes"/>.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Words { get; set; } = CubParts.Attributes;

    /// <summary>The coarse word. Default <see langword="null"/>: the model's, <c>bird</c> where it names none.</summary>
    [JsonIgnore]
    public string? CoarseWord { get; set; }

    /// <summary>
    /// All queries, instead of <see cref="Words"/> and <see cref="CoarseWord"/>: with questions of one's own, or as token ids.
    /// Without a coarse query there are no coarse columns. Default <see langword="null"/>.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<AttentionQuery>? Queries { get; set; }

    /// <summary>
    /// What is captured and how images are fitted to the model's square. Without a flow there are no flow columns. Patch features are asked for
    /// by <see cref="PatchFeaturesColumnName"/>, not here, and there is no column for logits.
    /// </summary>
    [JsonIgnore]
    public CaptureOptions Capture { get; set; } = new();

    /// <summary>
    /// How many rows are read ahead at most: their images are decoded and resized, and the columns that pass through are copied, on another
    /// thread while the model works on a row. Values, order and row ids are the same whatever it is. Default 2: one row that is ready when the
    /// model is, and one that makes up for an image that takes longer to read; each costs the copies and the resized pixels, 1.4 MB at
    /// LLaVA 1.5's 336 x 336. 0 reads nothing ahead; at most 1,000. Nothing is read ahead either while no output is read that needs the model, or where a
    /// column passes through that is neither an image nor of ML.NET's own value types.
    /// </summary>
    /// <remarks>
    /// Rows are read together, not run together: a picture with its questions is 600 to 750 tokens at LLaVA 1.5's 24 x 24 cells, which
    /// fills a device by itself, and one picture per forward pass keeps a row's values independent of its neighbors to the bit.
    /// </remarks>
    public int ReadAhead { get; set; } = 2;

    /// <summary>Ends the extraction between two layers of a row. Default: never.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Input: the images; <see langword="null"/> images get NaN outputs. Default <c>Image</c>.</summary>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>
    /// Output: the fine words' rows over the visual tokens, floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>.
    /// Default <c>FineAttention</c>.
    /// </summary>
    public string FineAttentionColumnName { get; set; } = "FineAttention";

    /// <summary>
    /// Output: the coarse word's row over the visual tokens, floats <c>[layers, heads, gridHeight, gridWidth]</c>. Default <c>CoarseAttention</c>.
    /// </summary>
    public string CoarseAttentionColumnName { get; set; } = "CoarseAttention";

    /// <summary>
    /// Output: the coarse word's flow matrices, floats <c>[layers, tokens, tokens]</c>, cut to the block from the first visual token to the
    /// last token of the coarse word. Default <c>CoarseFlow</c>.
    /// </summary>
    public string CoarseFlowColumnName { get; set; } = "CoarseFlow";

    /// <summary>Output: the sums of the flow matrices' uncut rows, floats <c>[layers, tokens]</c>. Default <c>FlowRowSums</c>.</summary>
    public string FlowRowSumsColumnName { get; set; } = "FlowRowSums";

    /// <summary>
    /// Output: where the image's pixels lie in the model's input, <see cref="ImageGeometry.Length"/> floats in the order given there.
    /// Default <c>Geometry</c>.
    /// </summary>
    public string GeometryColumnName { get; set; } = "Geometry";

    /// <summary>
    /// Output: the visual tokens after the projector, floats <c>[visualTokens, hiddenSize]</c>. Default <see langword="null"/>: no such column.
    /// </summary>
    public string? PatchFeaturesColumnName { get; set; }

    /// <summary>
    /// Output: the rows of the queries of role <see cref="QueryRole.Neutral"/>, which ask about nothing in particular, floats
    /// <c>[queries, layers, heads, gridHeight, gridWidth]</c>. Without <see cref="Queries"/>, the model's own neutral prompt is asked.
    /// Default <see langword="null"/>: no such column.
    /// </summary>
    public string? NeutralAttentionColumnName { get; set; }

    /// <summary>
    /// Output: the rows of the queries of role <see cref="QueryRole.Background"/>, floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>.
    /// Without <see cref="Queries"/>, the model's own background prompt is asked. Default <see langword="null"/>: no such column.
    /// </summary>
    public string? BackgroundAttentionColumnName { get; set; }

    internal bool HasCoarse => !this.Lacks(QueryRole.Coarse);

    internal IReadOnlyList<AttentionQuery> AllQueries() =>
        Queries ??
        [
            AttentionQuery.Coarse(CoarseWord),
            .. Words.Select(AttentionQuery.Fine),
            .. NeutralAttentionColumnName is null ? [] : new[] { AttentionQuery.Neutral() },
            .. BackgroundAttentionColumnName is null ? [] : new[] { AttentionQuery.Background() },
        ];

    /// <summary>A copy that captures something else.</summary>
    internal AttentionExtractorOptions With(CaptureOptions capture)
    {
        AttentionExtractorOptions copy = Copy();
        copy.Capture = capture;
        return copy;
    }

    internal AttentionExtractorOptions CheckedCopy()
    {
        AttentionExtractorOptions copy = Copy();
        copy.CheckModel();
        copy.Check();
        return copy;
    }

    /// <summary>A copy for a model and queries that were saved.</summary>
    internal AttentionExtractorOptions CheckedCopy(IReadOnlyList<AttentionQuery> queries, CaptureOptions capture)
    {
        AttentionExtractorOptions copy = With(capture);
        copy.Queries = queries;
        copy.Check();
        return copy;
    }

    private AttentionExtractorOptions Copy()
    {
        ArgumentNullException.ThrowIfNull(Words);
        var copy = (AttentionExtractorOptions)MemberwiseClone();
        copy.Words = [.. Words];
        copy.Queries = Queries?.ToArray();
        return copy;
    }

    private void Check()
    {
        this.CheckCapture();
        if (Capture.PatchFeatures || Capture.SuffixLogits)
        {
            throw new ArgumentException(
                $"{nameof(Capture)} of {nameof(AttentionExtractorOptions)} may not set {nameof(CaptureOptions.PatchFeatures)}, which follow from {nameof(PatchFeaturesColumnName)}, nor {nameof(CaptureOptions.SuffixLogits)}, for which there is no column.");
        }

        ArgumentException.ThrowIfNullOrEmpty(FineAttentionColumnName);
        ArgumentException.ThrowIfNullOrEmpty(CoarseAttentionColumnName);
        ArgumentException.ThrowIfNullOrEmpty(CoarseFlowColumnName);
        ArgumentException.ThrowIfNullOrEmpty(FlowRowSumsColumnName);
        RequireQuery(QueryRole.Neutral, NeutralAttentionColumnName, nameof(NeutralAttentionColumnName));
        RequireQuery(QueryRole.Background, BackgroundAttentionColumnName, nameof(BackgroundAttentionColumnName));
        if (!this.HasFine() && !HasCoarse)
        {
            throw new ArgumentException($"There is no fine and no coarse query. Name at least one word in {nameof(Words)} or {nameof(Queries)}.");
        }
    }

    private void RequireQuery(QueryRole role, string? column, string option)
    {
        if (column is not null && this.Lacks(role))
        {
            throw new ArgumentException($"{option} is '{column}', but no query of {nameof(Queries)} has the role {role}. Add one, or leave the column out.");
        }
    }
}
