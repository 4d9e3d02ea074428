using MLNetGrounding.Attention;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Methods;

/// <summary>One image's attention as methods read it; what several of them compute alike is computed once.</summary>
internal sealed class CapturedAttention(AttentionCapture capture, CapturePlan plan, ModelInfo model)
{
    private readonly Dictionary<(QueryRole Role, int Query, QueryRow Row, HeadSelectionOptions Options, AttentionSinkRemoval? Sinks), float[]> _layerMaps = [];
    private readonly Dictionary<(QueryRole Role, int Query, QueryRow Row, AttentionSinkRemoval Sinks), float[]> _withoutSinks = [];
    private readonly Dictionary<(CoarseFlowOptions Flow, RolloutOptions Rollout), float[]> _masks = [];
    private float[]? _uniformMask;

    /// <summary>A capture as methods read it; <see langword="null"/> where a value that they may read is not finite.</summary>
    public static CapturedAttention? IfFinite(AttentionCapture capture, CapturePlan plan, ModelInfo model) =>
        capture.IsFinite() && capture.Observations.All(observation => Numbers.AreFinite(observation)) ? new CapturedAttention(capture, plan, model) : null;

    public int Layers => model.Layers;

    public int Heads => model.Heads;

    /// <summary>The cells of the maps.</summary>
    public MapGrid Grid => capture.Prompt.Grid;

    public int Cells => Grid.Cells;

    /// <summary>A mask of 1 everywhere.</summary>
    public float[] UniformMask => _uniformMask ??= [.. Enumerable.Repeat(1f, Cells)];

    public int QueryCount(QueryRole role) => capture.Prompt.Suffixes.Count(suffix => suffix.Query.Role == role);

    /// <summary>Attention of one query's row, <c>[layers, heads, cells]</c>.</summary>
    public ReadOnlySpan<float> Maps(QueryRole role, int query, QueryRow? row, AttentionSinkRemoval? sinkRemoval = null)
    {
        int length = Layers * Heads * Cells;
        ReadOnlySpan<float> maps = capture.Maps(role, plan.RowOf(row)).AsSpan(query * length, length);
        if (sinkRemoval is null)
        {
            return maps;
        }

        (QueryRole, int, QueryRow, AttentionSinkRemoval) key = (role, query, plan.RowOf(row), sinkRemoval);
        if (!_withoutSinks.TryGetValue(key, out float[]? without))
        {
            without = maps.ToArray();
            AttentionSinkRemoval.Apply(without, Observation(new SinkObserver(sinkRemoval)), Heads, Cells);
            _withoutSinks.Add(key, without);
        }

        return without;
    }

    /// <summary>One query's layer maps after head selection, <c>[layers, cells]</c>.</summary>
    public float[] LayerMaps(QueryRole role, int query, QueryRow? row, HeadSelectionOptions options, AttentionSinkRemoval? sinkRemoval = null)
    {
        (QueryRole, int, QueryRow, HeadSelectionOptions, AttentionSinkRemoval?) key = (role, query, plan.RowOf(row), options, sinkRemoval);
        if (!_layerMaps.TryGetValue(key, out float[]? layerMaps))
        {
            layerMaps = new float[Layers * Cells];
            ReadOnlySpan<float> maps = Maps(role, query, row, sinkRemoval);
            QuerySelection.Select(maps, Layers, Heads, Grid, options, layerMaps, new bool[Layers * Heads], [], []);
            _layerMaps.Add(key, layerMaps);
        }

        return layerMaps;
    }

    /// <summary>The coarse mask of one rollout, <c>[cells]</c>.</summary>
    public float[] Mask(CoarseFlowOptions flow, RolloutOptions rollout)
    {
        if (!_masks.TryGetValue((flow, rollout), out float[]? mask))
        {
            (int observation, int index) = plan.MaskIndex(flow, rollout);
            mask = capture.Observations[observation].AsSpan(index * Cells, Cells).ToArray();
            _masks.Add((flow, rollout), mask);
        }

        return mask;
    }

    /// <summary>The flows of all queries of some roles, <c>[queries, cells]</c>.</summary>
    public float[] Flow(TokenFlowOptions options, QueryRow? row, TokenFlowRoles roles) => Observation(new TokenFlowObserver(options, plan.RowOf(row), roles));

    /// <summary>What an observer recorded that a method asked for.</summary>
    public float[] Observation(ILayerObserver observer) => capture.Observations[plan.ObserverIndex(observer)];
}
