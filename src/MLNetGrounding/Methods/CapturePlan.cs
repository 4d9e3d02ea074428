using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Methods;

/// <summary>What several methods need of one capture, each thing once.</summary>
/// <param name="defaultRow">The row of methods that name none.</param>
internal sealed class CapturePlan(QueryRow defaultRow)
{
    private readonly HashSet<QueryRole> _roles = [QueryRole.Fine];
    private readonly List<QueryRow> _rows = [];
    private readonly List<ILayerObserver> _observers = [];
    private readonly List<(CoarseFlowOptions Flow, List<RolloutOptions> Rollouts)> _masks = [];

    /// <summary>The rows that are read, at least one after the methods have spoken.</summary>
    public IReadOnlyList<QueryRow> Rows => _rows;

    /// <summary>In the order of which <see cref="AttentionCapture.Observations"/> are.</summary>
    public IReadOnlyList<ILayerObserver> Observers =>
        [.. _observers, .. _masks.Select(mask => new CoarseMaskObserver(mask.Flow, mask.Rollouts))];

    /// <summary>Makes the plan of some methods.</summary>
    public static CapturePlan Of(IEnumerable<GroundingMethod> methods, QueryRow defaultRow)
    {
        CapturePlan plan = new(defaultRow);
        foreach (GroundingMethod method in methods)
        {
            method.Plan(plan);
        }

        return plan;
    }

    public bool Needs(QueryRole role) => _roles.Contains(role);

    public QueryRow RowOf(QueryRow? row) => row ?? defaultRow;

    public void NeedRole(QueryRole role) => _roles.Add(role);

    public void NeedRow(QueryRow? row)
    {
        if (!_rows.Contains(RowOf(row)))
        {
            _rows.Add(RowOf(row));
        }
    }

    /// <summary>
    /// What to capture. The word's own row comes first wherever a row of the word is read, because all others follow from its tokens.
    /// </summary>
    public CaptureOptions CaptureOf(CaptureOptions options) => options with
    {
        Row = _rows.TrueForAll(row => row == QueryRow.LastPromptToken) ? QueryRow.LastPromptToken : QueryRow.WordMean,
        FurtherRows = _rows,
        Flow = null,
    };

    /// <summary>What this plan asks, of a prompt that was prepared for these methods and others.</summary>
    public PreparedPrompt PromptOf(PreparedPrompt all) => all.With(Needs, all.Options with { Observers = Observers });

    /// <summary>Asks for what an observer records of every layer; equal observers are one.</summary>
    public void NeedObserver(ILayerObserver observer)
    {
        if (!_observers.Contains(observer))
        {
            _observers.Add(observer);
        }
    }

    /// <summary>Asks for the flow of all queries of some roles.</summary>
    public void NeedFlow(TokenFlowOptions options, QueryRow? row, TokenFlowRoles roles) => NeedObserver(new TokenFlowObserver(options, RowOf(row), roles));

    /// <summary>Asks for the mask of one rollout of the coarse word's flow; masks of equal flows share its matrices.</summary>
    public void NeedMask(CoarseFlowOptions flow, RolloutOptions rollout)
    {
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

    /// <summary>Index among the observations.</summary>
    public int ObserverIndex(ILayerObserver observer) => _observers.IndexOf(observer);

    /// <summary>Index among the observations, and within that observation.</summary>
    public (int Observation, int Rollout) MaskIndex(CoarseFlowOptions flow, RolloutOptions rollout)
    {
        int index = _masks.FindIndex(mask => mask.Flow == flow);
        return (_observers.Count + index, _masks[index].Rollouts.IndexOf(rollout));
    }
}
