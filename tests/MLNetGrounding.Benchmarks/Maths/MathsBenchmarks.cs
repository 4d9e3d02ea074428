using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using MLNetGrounding.Maths.Aggregation;
using MLNetGrounding.Maths.Heads;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Rollout;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Benchmarks;

/// <summary>Everything after the model for one query of a 7B model: 32 layers x 32 heads x 24 x 24 cells; one core.</summary>
[MemoryDiagnoser]
public class MathsBenchmarks
{
    private const int Layers = 32;
    private const int Heads = 32;
    private const int Grid = 24;
    private const int Cells = Grid * Grid;
    private const int Tokens = 640;
    private const int LayerLength = Heads * Cells;
    private const double Threshold = 0.05;

    private static readonly HeadSelectionOptions HeadOptions = new();
    private static readonly AggregationOptions AggregationOptions = new();
    private static readonly RolloutOptions RolloutOptions = new();

    private readonly float[] _maps = AttentionMaps.Of(1, Layers * Heads, Grid);
    private readonly float[][] _mapsByLayer;
    private readonly float[] _flow = AttentionMaps.Flow(2, Layers, Tokens);
    private readonly float[] _mask = new float[Cells];
    private readonly float[] _layerMaps = new float[Layers * Cells];
    private readonly float[] _groundingMap = new float[Cells];
    private readonly bool[] _kept = new bool[Heads];
    private readonly double[] _entropy = new double[Heads];
    private readonly double[] _compactness = new double[Heads];
    private readonly bool[] _region = new bool[Cells];
    private readonly float[] _frame = new float[Cells];
    private readonly ImageGeometry _geometry = ImageGeometry.Create(ImageFit.Pad, 500, 375, 336, 336, new MapGrid(Grid, Grid), 14, 14);

    public MathsBenchmarks()
    {
        _mapsByLayer = [.. _maps.Chunk(LayerLength)];
        _geometry.FrameFractions(_frame);
        Rollout();
    }

    [Benchmark]
    public float[] SelectionNaive()
    {
        for (int layer = 0; layer < Layers; layer++)
        {
            PlainHeadSelection.Of(_mapsByLayer[layer], Heads, Grid, Grid, HeadOptions).LayerMap.CopyTo(_layerMaps, layer * Cells);
        }

        return _layerMaps;
    }

    [Benchmark]
    public float[] SelectionWithStatistics() => Select(_entropy, _compactness);

    [Benchmark]
    public float[] Selection() => Select([], []);

    [Benchmark]
    public double QueryNaive()
    {
        float[] map = [.. PlainAggregation.Of(SelectionNaive(), _mask, Layers, AggregationOptions).Select(value => (float)value)];
        (double minimum, double maximum) = (map.Min(), map.Max());
        return Score(Array.ConvertAll(map, value => (value - minimum) / (maximum - minimum) >= Threshold));
    }

    [Benchmark]
    public double Query()
    {
        HierarchicalAggregation.Aggregate(Select([], []), _mask, Layers, AggregationOptions, _groundingMap);
        Region.Threshold(_groundingMap, Threshold, _region);
        return Score(_region);
    }

    [Benchmark]
    public double[] RolloutNaive() => PlainRollout.Mask(_flow, [], Layers, Tokens, [Tokens - 1], RolloutOptions, Cells);

    [Benchmark]
    public float[] Rollout()
    {
        CoarseRollout.TokenMask(_flow, [], Layers, Tokens, [Tokens - 1], RolloutOptions, _mask);
        return _mask;
    }

    /// <summary>What reading the flow matrices once takes, whatever is done with them.</summary>
    [Benchmark]
    public bool OnePassOverTheFlow() => Numbers.AreFinite(_flow);

    /// <summary>Writes the numbers that the benchmarks run on, as float32 without a header.</summary>
    internal void Save(string folder)
    {
        foreach ((string name, float[] values) in new[] { ("maps", _maps), ("flow", _flow), ("mask", _mask) })
        {
            File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes<float>(values));
        }
    }

    private float[] Select(double[] entropy, double[] compactness)
    {
        for (int layer = 0; layer < Layers; layer++)
        {
            HeadSelection.Select(
                _maps.AsSpan(layer * LayerLength, LayerLength),
                Heads,
                Grid,
                Grid,
                HeadOptions,
                _layerMaps.AsSpan(layer * Cells, Cells),
                _kept,
                entropy,
                compactness
            );
        }

        return _layerMaps;
    }

    private double Score(bool[] region) => PointInRegion.Score(region, _geometry, _frame, [250, 180], [1], [0])?.Mpir ?? double.NaN;
}
