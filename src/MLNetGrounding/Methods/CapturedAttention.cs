using MLNetGrounding.Attention;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Models.Capture;

namespace MLNetGrounding.Methods;

/// <summary>One image's attention as methods read it; what several of them compute alike is computed once.</summary>
internal sealed class CapturedAttention(AttentionCapture capture, CapturePlan plan, ModelInfo model)
{
    private readonly Dictionary<(QueryRole Role, int Query, QueryRow Row, HeadSelectionOptions Options, MapCleaning Cleaning), float[]> _layerMaps = [];
    private readonly Dictionary<(QueryRole Role, int Query, QueryRow Row, MapCleaning Cleaning), float[]> _cleaned = [];
    private readonly Dictionary<(QueryRow Row, ConstantCellRemoval Removal), bool[]> _constantCells = [];
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
    public ReadOnlySpan<float> Maps(QueryRole role, int query, QueryRow? row, MapCleaning cleaning = default)
    {
        ReadOnlySpan<float> maps = MapsOf(role, query, plan.RowOf(row));
        if (cleaning == default)
        {
            return maps;
        }

        (QueryRole, int, QueryRow, MapCleaning) key = (role, query, plan.RowOf(row), cleaning);
        if (!_cleaned.TryGetValue(key, out float[]? cleaned))
        {
            cleaned = maps.ToArray();
            if (cleaning.Sinks is { } sinks)
            {
                AttentionSinkRemoval.Apply(cleaned, Observation(new SinkObserver(sinks)), Heads, Cells);
            }

            if (cleaning.ConstantCells is { } removal)
            {
                ConstantCellRemoval.Fill(cleaned, Grid, ConstantCells(removal, plan.RowOf(row)));
            }

            _cleaned.Add(key, cleaned);
        }

        return cleaned;
    }

    /// <summary>One query's layer maps after head selection, <c>[layers, cells]</c>.</summary>
    public float[] LayerMaps(QueryRole role, int query, QueryRow? row, HeadSelectionOptions options, MapCleaning cleaning = default)
    {
        (QueryRole, int, QueryRow, HeadSelectionOptions, MapCleaning) key = (role, query, plan.RowOf(row), options, cleaning);
        if (!_layerMaps.TryGetValue(key, out float[]? layerMaps))
        {
            layerMaps = new float[Layers * Cells];
            ReadOnlySpan<float> maps = Maps(role, query, row, cleaning);
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

    private ReadOnlySpan<float> MapsOf(QueryRole role, int query, QueryRow row)
    {
        int length = Layers * Heads * Cells;
        return capture.Maps(role, row).AsSpan(query * length, length);
    }

    /// <summary>The constant cells by what the fine questions and those about nothing in particular have in common, whatever else was asked.</summary>
    private bool[] ConstantCells(ConstantCellRemoval removal, QueryRow row)
    {
        if (!_constantCells.TryGetValue((row, removal), out bool[]? constant))
        {
            List<float[]> means = [];
            foreach (QueryRole role in (QueryRole[])[QueryRole.Fine, QueryRole.Neutral])
            {
                for (int query = 0; query < QueryCount(role); query++)
                {
                    means.Add(ConstantCellRemoval.Mean(MapsOf(role, query, row), Cells));
                }
            }

            constant = removal.Find(means);
            _constantCells.Add((row, removal), constant);
        }

        return constant;
    }
}
