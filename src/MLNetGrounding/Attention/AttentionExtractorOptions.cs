using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>The model, the questions and the columns of attention extraction.</summary>
/// <remarks>
/// Of <see cref="CapturingOptions.Capture"/> all may be set but patch features, which are asked for by
/// <see cref="PatchFeaturesColumnName"/>, and logits, for which there is no column. Without a flow there are no flow columns; without a
/// coarse query there are no coarse columns.
/// </remarks>
public sealed class AttentionExtractorOptions : CapturingOptions
{
    /// <summary>
    /// Which heads count for the coarse word's flow, and for the fine words too unless <c>SelectHeads</c> is told otherwise. The choice is
    /// made while the model runs, and stands as an annotation on the columns. Default <see langword="null"/>: what
    /// <see cref="CaptureOptions.Flow"/> says, else all defaults.
    /// </summary>
    public HeadSelectionOptions? HeadSelection { get; set; }

    /// <summary>
    /// Output: the fine words' rows over the visual tokens, floats <c>[queries, layers, heads, gridHeight, gridWidth]</c>.
    /// Default <c>FineAttention</c>.
    /// </summary>
    public string FineAttentionColumnName { get; set; } = GroundingColumns.FineAttention;

    /// <summary>
    /// Output: the coarse word's row over the visual tokens, floats <c>[layers, heads, gridHeight, gridWidth]</c>. Default
    /// <c>CoarseAttention</c>.
    /// </summary>
    public string CoarseAttentionColumnName { get; set; } = GroundingColumns.CoarseAttention;

    /// <summary>
    /// Output: the coarse word's flow matrices, floats <c>[layers, tokens, tokens]</c>, cut to the block from the first visual token to the
    /// last token of the coarse word. Default <c>CoarseFlow</c>.
    /// </summary>
    public string CoarseFlowColumnName { get; set; } = GroundingColumns.CoarseFlow;

    /// <summary>Output: the sums of the flow matrices' uncut rows, floats <c>[layers, tokens]</c>. Default <c>FlowRowSums</c>.</summary>
    public string FlowRowSumsColumnName { get; set; } = GroundingColumns.FlowRowSums;

    /// <summary>
    /// Output: the visual token of each cell after the projector, floats <c>[gridHeight, gridWidth, hiddenSize]</c>. Default
    /// <see langword="null"/>: no such column.
    /// </summary>
    public string? PatchFeaturesColumnName { get; set; }

    /// <summary>
    /// Output: the rows of the queries of role <see cref="QueryRole.Neutral"/>, which ask about nothing in particular, floats
    /// <c>[queries, layers, heads, gridHeight, gridWidth]</c>. Without <see cref="CapturingOptions.Queries"/>, the model's own neutral
    /// prompt is asked. Default <see langword="null"/>: no such column.
    /// </summary>
    public string? NeutralAttentionColumnName { get; set; }

    /// <summary>
    /// Output: the rows of the queries of role <see cref="QueryRole.Background"/>, floats <c>[queries, layers, heads, gridHeight,
    /// gridWidth]</c>. Without <see cref="CapturingOptions.Queries"/>, the model's own background prompt is asked. Default
    /// <see langword="null"/>: no such column.
    /// </summary>
    public string? BackgroundAttentionColumnName { get; set; }

    /// <summary>The selection that the columns are annotated with.</summary>
    internal HeadSelectionOptions StatedHeadSelection => HeadSelection ?? Capture.Flow?.HeadSelection ?? new HeadSelectionOptions();

    /// <summary>What is captured: <see cref="CapturingOptions.Capture"/>, its flow with the heads that the options name.</summary>
    internal CaptureOptions Captured =>
        HeadSelection is { } selection && Capture.Flow is { } flow
            ? Capture with
            {
                Flow = flow with { HeadSelection = selection },
            }
            : Capture;

    internal IReadOnlyList<AttentionQuery> AllQueries() =>
        Queries
        ??
        [
            .. StatedQueries.Where(query =>
                query.Role switch
                {
                    QueryRole.Neutral => NeutralAttentionColumnName is not null,
                    QueryRole.Background => BackgroundAttentionColumnName is not null,
                    _ => true,
                }
            ),
        ];

    /// <summary>A copy for a model, whose grid is known.</summary>
    internal AttentionExtractorOptions For(ModelInfo model)
    {
        AttentionExtractorOptions copy = this.Copied();
        copy.Capture = WithGrid(Capture, model);
        (copy.Cells, copy.Aspect) = (null, null);
        return copy;
    }

    /// <summary>A copy that captures something else.</summary>
    internal AttentionExtractorOptions With(CaptureOptions capture)
    {
        AttentionExtractorOptions copy = this.Copied();
        copy.Capture = capture;
        // Also where no flow is captured any more that would say it.
        copy.HeadSelection ??= Capture.Flow?.HeadSelection;
        return copy;
    }

    private protected override void CheckValues()
    {
        base.CheckValues();
        HeadSelection?.Validate();
        if (Capture.PatchFeatures || Capture.SuffixLogits)
        {
            throw new ArgumentException(
                $"{nameof(Capture)} of {nameof(AttentionExtractorOptions)} may not set {nameof(CaptureOptions.PatchFeatures)}, which follow from {nameof(PatchFeaturesColumnName)}, nor {nameof(CaptureOptions.SuffixLogits)}, for which there is no column."
            );
        }

        RequireQuery(QueryRole.Neutral, NeutralAttentionColumnName, nameof(NeutralAttentionColumnName));
        RequireQuery(QueryRole.Background, BackgroundAttentionColumnName, nameof(BackgroundAttentionColumnName));
        if (!HasFine && !HasCoarse)
        {
            throw new ArgumentException(
                $"{nameof(Queries)} has no fine and no coarse query. Add one, or leave it unset and name words in {nameof(Words)}.",
                nameof(Queries)
            );
        }
    }

    private void RequireQuery(QueryRole role, string? column, string option)
    {
        if (column is not null && Lacks(role))
        {
            throw new ArgumentException(
                $"{option} is '{column}', but no query of {nameof(Queries)} has the role {role}. Add one, or leave the column out."
            );
        }
    }
}
