using MLNetGrounding.Models.Capture;

namespace MLNetGrounding;

/// <summary>
/// What grounding methods need of the capture of an image. Each method says it in <see cref="GroundingMethod.Plan"/>; what several of them
/// need alike is computed once, and what only methods need whose columns nobody reads is not computed. Methods find it in
/// <see cref="CapturedAttention"/>.
/// </summary>
public sealed class CapturePlan
{
    private readonly QueryRow _defaultRow;
    private readonly HashSet<QueryRole> _roles = [QueryRole.Fine];
    private readonly List<QueryRow> _rows = [];
    private readonly List<ILayerObserver> _observers = [];
    private readonly List<(CoarseFlowOptions Flow, List<RolloutOptions> Rollouts)> _masks = [];

    /// <param name="defaultRow">The row of methods that name none.</param>
    internal CapturePlan(QueryRow defaultRow) => _defaultRow = defaultRow;

    /// <summary>The rows that are read, at least one after the methods have spoken.</summary>
    internal IReadOnlyList<QueryRow> Rows => _rows;

    /// <summary>In the order of which <see cref="AttentionCapture.Observations"/> are.</summary>
    internal IReadOnlyList<ILayerObserver> Observers =>
        [.. _observers, .. _masks.Select(mask => new CoarseMaskObserver(mask.Flow, mask.Rollouts))];

    /// <summary>Whether <see cref="NeedPatchFeatures"/> was called.</summary>
    internal bool NeedsPatchFeatures { get; private set; }

    /// <summary>
    /// Asks for the queries of a role besides the fine ones, which are always there. Where the user's queries have none of this role, the
    /// method is refused.
    /// </summary>
    /// <param name="role">The role.</param>
    public void NeedRole(QueryRole role) => _roles.Add(role);

    /// <summary>
    /// Asks for a row of every query's attention. <see cref="GroundingMethod.Plan"/> of the base asks for
    /// <see cref="GroundingMethod.Row"/>.
    /// </summary>
    /// <param name="row">The row; <see langword="null"/> for the one that the model's <see cref="GroundingProfile"/> names.</param>
    public void NeedRow(QueryRow? row)
    {
        if (!_rows.Contains(RowOf(row)))
        {
            _rows.Add(RowOf(row));
        }
    }

    /// <summary>
    /// Asks for what an observer records of every layer, see <see cref="CapturedAttention.Observation"/>. Equal observers are one.
    /// </summary>
    /// <param name="observer">The observer; make it a record, so that equal ones are known to be.</param>
    public void NeedObserver(ILayerObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (!_observers.Contains(observer))
        {
            _observers.Add(observer);
        }
    }

    /// <summary>
    /// Asks for where the attention of all fine queries flows from over the layers, and that of the queries of another role, see
    /// <see cref="CapturedAttention.Flow"/>.
    /// </summary>
    /// <param name="options">How heads and layers are joined.</param>
    /// <param name="row">The row that the flow begins in; <see langword="null"/> for the one that the model's profile names.</param>
    /// <param name="contrast">The role that is followed besides. Default: none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="contrast"/> is neither neutral nor background.</exception>
    public void NeedFlow(TokenFlowOptions options, QueryRow? row, QueryRole? contrast = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        NeedObserver(FlowObserver(options, row, contrast));
        if (contrast is { } role)
        {
            NeedRole(role);
        }
    }

    /// <summary>
    /// Asks for the mask that a rollout makes of the coarse word's flow, see <see cref="CapturedAttention.Mask"/>, and for the coarse word.
    /// Masks of equal flows share its matrices, which do not leave the capture.
    /// </summary>
    /// <param name="flow">How the coarse word's heads become one matrix a layer.</param>
    /// <param name="rollout">How the matrices become a mask.</param>
    public void NeedMask(CoarseFlowOptions flow, RolloutOptions rollout)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(rollout);
        NeedRole(QueryRole.Coarse);
        int index = _masks.FindIndex(mask => mask.Flow == flow);
        if (index < 0)
        {
            _masks.Add((flow, [rollout]));
        }
        else if (!_masks[index].Rollouts.Contains(rollout))
        {
            _masks[index].Rollouts.Add(rollout);
        }
    }

    /// <summary>
    /// Asks for the coarse word's flow matrices themselves, see <see cref="CapturedAttention.CoarseFlow"/>, and for the coarse word. They
    /// take layers x tokens x tokens floats: 46 MB for 32 layers and 600 tokens.
    /// </summary>
    /// <param name="flow">How the coarse word's heads become one matrix a layer.</param>
    public void NeedCoarseFlow(CoarseFlowOptions flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        NeedRole(QueryRole.Coarse);
        NeedObserver(new CoarseFlowObserver(flow));
    }

    /// <summary>
    /// Asks for where visual tokens would say each query's word, see <see cref="CapturedAttention.TokenActivation"/>. The model's last
    /// layer is completed for it, and its output layer applied to the visual tokens for the tokens of the questions.
    /// </summary>
    /// <param name="row">Which of a query's tokens are the word's; <see langword="null"/> for the row that the model's profile
    /// names.</param>
    public void NeedTokenActivation(QueryRow? row)
    {
        NeedRow(row);
        NeedObserver(new TokenActivationObserver(RowOf(row)));
    }

    /// <summary>Asks for the visual tokens as they enter the decoder, see <see cref="CapturedAttention.PatchFeatures"/>.</summary>
    public void NeedPatchFeatures() => NeedsPatchFeatures = true;

    /// <summary>Makes the plan of some methods.</summary>
    internal static CapturePlan Of(IEnumerable<GroundingMethod> methods, QueryRow defaultRow)
    {
        CapturePlan plan = new(defaultRow);
        foreach (GroundingMethod method in methods)
        {
            method.Plan(plan);
        }

        return plan;
    }

    internal bool Needs(QueryRole role) => _roles.Contains(role);

    internal QueryRow RowOf(QueryRow? row) => row ?? _defaultRow;

    /// <summary>
    /// What to capture. The word's own row comes first wherever a row of the word is read, because all others follow from its tokens.
    /// </summary>
    internal CaptureOptions CaptureOf(CaptureOptions options) =>
        options with
        {
            Row = _rows.TrueForAll(row => row == QueryRow.LastPromptToken) ? QueryRow.LastPromptToken : QueryRow.WordMean,
            FurtherRows = _rows,
            Flow = null,
        };

    /// <summary>What this plan asks, of a prompt that was prepared for these methods and others.</summary>
    internal PreparedPrompt PromptOf(PreparedPrompt all) =>
        all.With(Needs, all.Options with { Observers = Observers, PatchFeatures = NeedsPatchFeatures });

    internal TokenFlowObserver FlowObserver(TokenFlowOptions options, QueryRow? row, QueryRole? contrast) =>
        new(
            options,
            RowOf(row),
            contrast switch
            {
                null => TokenFlowRoles.Fine,
                QueryRole.Neutral => TokenFlowRoles.FineAndNeutral,
                QueryRole.Background => TokenFlowRoles.FineAndBackground,
                _ => throw new ArgumentOutOfRangeException(
                    nameof(contrast),
                    contrast,
                    $"Flows are followed for the roles {QueryRole.Neutral} and {QueryRole.Background} besides the fine queries."
                ),
            }
        );

    /// <summary>Index among the observations.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked for it.</exception>
    internal int ObserverIndex(ILayerObserver observer) =>
        _observers.IndexOf(observer) is >= 0 and int index ? index : throw NotPlanned(observer.GetType().Name, nameof(NeedObserver));

    /// <summary>Index among the observations, and within that observation.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked for it.</exception>
    internal (int Observation, int Rollout) MaskIndex(CoarseFlowOptions flow, RolloutOptions rollout)
    {
        int index = _masks.FindIndex(mask => mask.Flow == flow);
        return index >= 0 && _masks[index].Rollouts.IndexOf(rollout) is >= 0 and int position
            ? (_observers.Count + index, position)
            : throw NotPlanned("this mask", nameof(NeedMask));
    }

    internal static InvalidOperationException NotPlanned(string what, string member) =>
        new(
            $"A grounding method reads {what}, which it did not ask for. Call {nameof(CapturePlan)}.{member} in its {nameof(GroundingMethod.Plan)}."
        );
}
