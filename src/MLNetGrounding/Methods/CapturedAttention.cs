using MLNetGrounding.Attention;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Methods;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding;

/// <summary>
/// One image's attention as grounding methods read it: what their <see cref="CapturePlan"/> asked for, all of it finite. Arrays are
/// row-major and valid during the call that hands this out; what several methods compute alike is computed once.
/// </summary>
/// <remarks>
/// Queries are numbered from 0 within their role. What no method asked for is an <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed class CapturedAttention
{
    private readonly AttentionCapture _capture;
    private readonly CapturePlan _plan;
    private readonly Dictionary<
        (QueryRole Role, int Query, QueryRow Row, HeadSelectionOptions Options, MapCleaning Cleaning),
        float[]
    > _layerMaps = [];
    private readonly Dictionary<(QueryRole Role, int Query, QueryRow Row, MapCleaning Cleaning), float[]> _cleaned = [];
    private readonly Dictionary<(QueryRow Row, ConstantCellRemoval Removal), bool[]> _constantCells = [];

    private CapturedAttention(AttentionCapture capture, CapturePlan plan, ModelInfo model)
    {
        (_capture, _plan, Model) = (capture, plan, model);
    }

    /// <summary>The model.</summary>
    public ModelInfo Model { get; }

    /// <summary>Number of layers, L.</summary>
    public int Layers => Model.Layers;

    /// <summary>Number of heads of a layer, H.</summary>
    public int Heads => Model.Heads;

    /// <summary>The cells of the maps.</summary>
    public MapGrid Grid => _capture.Prompt.Grid;

    /// <summary>Number of cells: <c>gridHeight x gridWidth</c>.</summary>
    public int Cells => Grid.Cells;

    /// <summary>Where the image's pixels lie on the grid.</summary>
    public ImageGeometry Geometry => _capture.Geometry;

    /// <summary>What each visual token shows: for what comes over tokens, as <see cref="CoarseFlow"/> and observations may.</summary>
    public VisualLayout Layout => _capture.Prompt.Layout!;

    /// <summary>
    /// Positions of the coarse word's tokens among those of <see cref="CoarseFlow"/>, ascending; empty where no method asked for the coarse
    /// word.
    /// </summary>
    public IReadOnlyList<int> CoarsePositions => _capture.Prompt.CoarsePositions;

    /// <summary>
    /// The visual token of each cell after the projector, <c>[gridHeight, gridWidth, width]</c>; asked for by
    /// <see cref="CapturePlan.NeedPatchFeatures"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No method asked for them.</exception>
    public ReadOnlySpan<float> PatchFeatures =>
        _plan.NeedsPatchFeatures
            ? _capture.PatchFeatures
            : throw CapturePlan.NotPlanned("patch features", nameof(CapturePlan.NeedPatchFeatures));

    /// <summary>A capture as methods read it; <see langword="null"/> where a value that they may read is not finite.</summary>
    internal static CapturedAttention? IfFinite(AttentionCapture capture, CapturePlan plan, ModelInfo model) =>
        capture.IsFinite()
        && capture.Observations.All(observation => Numbers.AreFinite(observation))
        && (!plan.NeedsPatchFeatures || Numbers.AreFinite(capture.PatchFeatures))
            ? new CapturedAttention(capture, plan, model)
            : null;

    /// <summary>Number of queries of a role.</summary>
    /// <param name="role">The role.</param>
    public int QueryCount(QueryRole role) => _capture.Prompt.Suffixes.Count(suffix => suffix.Query.Role == role);

    /// <summary>A query, with its name and word.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="query">Its number within the role.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none of this number.</exception>
    public AttentionQuery Query(QueryRole role, int query) =>
        _capture.Prompt.Suffixes.Where(suffix => suffix.Query.Role == role).ElementAtOrDefault(query)?.Query
        ?? throw new ArgumentOutOfRangeException(
            nameof(query),
            query,
            $"There are {QueryCount(role)} queries of role {role}, counted from 0."
        );

    /// <summary>Attention of one query's row to the image, <c>[layers, heads, gridHeight, gridWidth]</c>: softmax values.</summary>
    /// <param name="role">The query's role.</param>
    /// <param name="query">Its number within the role.</param>
    /// <param name="row">The row; <see langword="null"/> for the one that the model's profile names.</param>
    /// <exception cref="InvalidOperationException">No method asked for this role or row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no query of this number.</exception>
    public ReadOnlySpan<float> MapsAt(QueryRole role, int query, QueryRow? row) => Maps(role, query, row, default(MapCleaning));

    /// <summary>
    /// <see cref="MapsAt"/> as a method's settings say that are common to all: at its <see cref="GroundingMethod.Row"/>,
    /// and without what it has taken away from maps, such as <see cref="GroundingMethod.SinkRemoval"/>.
    /// </summary>
    /// <param name="role">The query's role.</param>
    /// <param name="query">Its number within the role.</param>
    /// <param name="method">The method: from within one, <c>this</c>.</param>
    /// <inheritdoc cref="MapsAt" path="/exception"/>
    public ReadOnlySpan<float> Maps(QueryRole role, int query, GroundingMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Maps(role, query, method.Row, method.Cleaning);
    }

    internal ReadOnlySpan<float> Maps(QueryRole role, int query, QueryRow? row, MapCleaning cleaning)
    {
        QueryRow read = _plan.RowOf(row);
        int length = Layers * Heads * Cells;
        ReadOnlySpan<float> maps = MapsOf(role, query, read).Slice(query * length, length);
        if (cleaning == default)
        {
            return maps;
        }

        (QueryRole, int, QueryRow, MapCleaning) key = (role, query, read, cleaning);
        if (!_cleaned.TryGetValue(key, out float[]? cleaned))
        {
            cleaned = maps.ToArray();
            if (cleaning.Sinks is { } removal)
            {
                SinkObserver observer = new(removal);
                float[] sinks = Observed(observer);
                int rowIndex = _capture.Prompt.Rows.ToList().IndexOf(read);
                ReadOnlySpan<float> text = observer.TextSinks(sinks, _capture.Prompt, Layers, Heads, IndexOf(role, query), rowIndex);
                removal.Apply(cleaned, sinks.AsSpan(0, Layers * Cells), text, Heads, Cells);
            }

            if (cleaning.ConstantCells is { } constant)
            {
                ConstantCellRemoval.Fill(cleaned, Grid, ConstantCells(constant, read));
            }

            _cleaned.Add(key, cleaned);
        }

        return cleaned;
    }

    /// <summary>
    /// One query's maps after head selection, one a layer, <c>[layers, gridHeight, gridWidth]</c>: what the paper's section 3.1 makes of
    /// <see cref="Maps(QueryRole, int, GroundingMethod)"/>.
    /// </summary>
    /// <param name="role">The query's role.</param>
    /// <param name="query">Its number within the role.</param>
    /// <param name="method">The method: from within one, <c>this</c>.</param>
    /// <param name="selection">Which heads are kept and how they are joined.</param>
    /// <inheritdoc cref="MapsAt" path="/exception"/>
    public ReadOnlySpan<float> LayerMaps(QueryRole role, int query, GroundingMethod method, HeadSelectionOptions selection)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(selection);
        return LayerMaps(role, query, method.Row, selection, method.Cleaning);
    }

    internal float[] LayerMaps(QueryRole role, int query, QueryRow? row, HeadSelectionOptions options, MapCleaning cleaning)
    {
        (QueryRole, int, QueryRow, HeadSelectionOptions, MapCleaning) key = (role, query, _plan.RowOf(row), options, cleaning);
        if (!_layerMaps.TryGetValue(key, out float[]? layerMaps))
        {
            layerMaps = new float[Layers * Cells];
            ReadOnlySpan<float> maps = Maps(role, query, row, cleaning);
            QuerySelection.Select(maps, Layers, Heads, Grid, options, layerMaps, new bool[Layers * Heads], [], []);
            _layerMaps.Add(key, layerMaps);
        }

        return layerMaps;
    }

    /// <summary>The mask that a rollout makes of the coarse word's flow, <c>[gridHeight, gridWidth]</c>.</summary>
    /// <param name="flow">How the coarse word's heads became one matrix a layer.</param>
    /// <param name="rollout">How the matrices became a mask.</param>
    /// <exception cref="InvalidOperationException">No method asked for it with <see cref="CapturePlan.NeedMask"/>.</exception>
    public ReadOnlySpan<float> Mask(CoarseFlowOptions flow, RolloutOptions rollout)
    {
        (int observation, int index) = _plan.MaskIndex(flow, rollout);
        return _capture.Observations[observation].AsSpan(index * Cells, Cells);
    }

    /// <summary>Where one query's attention flows from over the layers, <c>[gridHeight, gridWidth]</c>.</summary>
    /// <param name="options">How heads and layers were joined.</param>
    /// <param name="row">The row that the flow began in; <see langword="null"/> for the one that the model's profile names.</param>
    /// <param name="contrast">The role that was followed besides the fine queries, as it was asked for.</param>
    /// <param name="role">The query's role: fine, or <paramref name="contrast"/>.</param>
    /// <param name="query">Its number within the role.</param>
    /// <exception cref="InvalidOperationException">No method asked for it with <see cref="CapturePlan.NeedFlow"/>.</exception>
    public ReadOnlySpan<float> Flow(TokenFlowOptions options, QueryRow? row, QueryRole? contrast, QueryRole role, int query)
    {
        float[] flows = Observed(_plan.FlowObserver(options, row, contrast));

        // Other queries follow the fine ones.
        int index = role == QueryRole.Fine ? query : QueryCount(QueryRole.Fine) + query;
        return flows.AsSpan(index * Cells, Cells);
    }

    /// <summary>
    /// The coarse word's flow matrices, <c>[layers, tokens, tokens]</c>, query token by key token: attention with its heads aggregated,
    /// from the first visual token (<see cref="Layout"/> has as many as there are) to the last one of the coarse word.
    /// </summary>
    /// <param name="flow">How the heads were aggregated.</param>
    /// <exception cref="InvalidOperationException">No method asked for it with <see cref="CapturePlan.NeedCoarseFlow"/>.</exception>
    public ReadOnlySpan<float> CoarseFlow(CoarseFlowOptions flow)
    {
        float[] recorded = CoarseFlowOf(flow);
        return recorded.AsSpan(0, recorded.Length - (Layers * _capture.Prompt.FlowTokens));
    }

    /// <summary>The sums of the flow matrices' rows before they were cut, <c>[layers, tokens]</c>.</summary>
    /// <param name="flow">How the heads were aggregated.</param>
    /// <exception cref="InvalidOperationException">No method asked for it with <see cref="CapturePlan.NeedCoarseFlow"/>.</exception>
    public ReadOnlySpan<float> FlowRowSums(CoarseFlowOptions flow) => CoarseFlowOf(flow).AsSpan(^(Layers * _capture.Prompt.FlowTokens)..);

    /// <summary>What an observer recorded.</summary>
    /// <param name="observer">One that is equal to the one that was asked for.</param>
    /// <exception cref="InvalidOperationException">No method asked for it with <see cref="CapturePlan.NeedObserver"/>.</exception>
    public ReadOnlySpan<float> Observation(ILayerObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Observed(observer);
    }

    /// <summary>
    /// Where visual tokens would say one query's word, <c>[gridHeight, gridWidth]</c>, see <see cref="TokenActivationGrounding"/>.
    /// </summary>
    /// <param name="role">The query's role.</param>
    /// <param name="query">Its number within the role.</param>
    /// <param name="row">Which of its tokens are the word's.</param>
    /// <exception cref="InvalidOperationException">No method asked for it with <see cref="CapturePlan.NeedTokenActivation"/>.</exception>
    public ReadOnlySpan<float> TokenActivation(QueryRole role, int query, QueryRow? row) =>
        Observed(new TokenActivationObserver(_plan.RowOf(row))).AsSpan(IndexOf(role, query) * Cells, Cells);

    /// <summary>A query's index among all.</summary>
    private int IndexOf(QueryRole role, int query) =>
        Enumerable
            .Range(0, _capture.Prompt.Suffixes.Count)
            .Where(index => _capture.Prompt.Suffixes[index].Query.Role == role)
            .ElementAt(query);

    private float[] CoarseFlowOf(CoarseFlowOptions flow) => Observed(new CoarseFlowObserver(flow));

    private float[] Observed(ILayerObserver observer) => _capture.Observations[_plan.ObserverIndex(observer)];

    /// <summary>
    /// The constant cells by what the fine questions and those about nothing in particular have in common, whatever else was asked.
    /// </summary>
    private bool[] ConstantCells(ConstantCellRemoval removal, QueryRow row)
    {
        if (!_constantCells.TryGetValue((row, removal), out bool[]? constant))
        {
            int length = Layers * Heads * Cells;
            List<float[]> means = [];
            foreach (QueryRole role in (QueryRole[])[QueryRole.Fine, QueryRole.Neutral])
            {
                for (int query = 0; query < QueryCount(role); query++)
                {
                    means.Add(ConstantCellRemoval.Mean(MapsOf(role, query, row).Slice(query * length, length), Cells));
                }
            }

            constant = removal.Find(means);
            _constantCells.Add((row, removal), constant);
        }

        return constant;
    }

    private ReadOnlySpan<float> MapsOf(QueryRole role, int query, QueryRow row)
    {
        if (!_plan.Needs(role))
        {
            throw CapturePlan.NotPlanned($"queries of role {role}", nameof(CapturePlan.NeedRole));
        }

        if (!_plan.Rows.Contains(row))
        {
            throw CapturePlan.NotPlanned($"the row {row}", nameof(CapturePlan.NeedRow));
        }

        return query >= 0 && query < QueryCount(role)
            ? _capture.Maps(role, row)
            : throw new ArgumentOutOfRangeException(
                nameof(query),
                query,
                $"There are {QueryCount(role)} queries of role {role}, counted from 0."
            );
    }
}
