using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Comparison;

/// <summary>Reads a view once and compares the maps of its methods row by row; of a row only numbers are kept.</summary>
internal sealed class MapComparer
{
    private const string Name = "CompareMaps";

    private static readonly ScoreColumn[] OfMaps = [new("median_area", ScoreAggregate.Median), new("constant_map")];
    private static readonly ScoreColumn[] OfPairs = [new("iou_regions"), new("iou_largest_cells"), new("same_peak")];

    private readonly MapComparisonOptions _options;
    private readonly MapColumns _maps;

    /// <summary>For each method and word the images that have a map, and their numbers.</summary>
    private readonly Numbers[] _ofMaps;

    /// <summary>For each two methods the images, and their numbers, means over the words.</summary>
    private readonly Numbers[] _ofPairs;
    private readonly (int First, int Second)[] _pairs;
    private int _images;
    private int _failed;

    private MapComparer(MapComparisonOptions options, MapColumns maps)
    {
        (_options, _maps) = (options, maps);
        int methods = maps.Methods.Count;
        _pairs =
        [
            .. Enumerable
                .Range(0, methods)
                .SelectMany(first => Enumerable.Range(first + 1, methods - first - 1).Select(second => (first, second))),
        ];
        _ofMaps = [.. Enumerable.Range(0, methods * maps.Queries.Count).Select(_ => new Numbers())];
        _ofPairs = [.. _pairs.Select(_ => new Numbers())];
    }

    public static MapComparison Run(IHostEnvironment environment, IDataView data, MapComparisonOptions options)
    {
        IHost host = environment.Register(Name);
        MapColumns maps = new(data.Schema, Name, options.Methods, nameof(options.Methods), options.QueryNames, nameof(options.QueryNames));
        InputColumn geometryInput = new(
            Name,
            nameof(options.GeometryColumnName),
            options.GeometryColumnName,
            NumberDataViewType.Single,
            [$"{ImageGeometry.Length}"]
        );
        DataViewSchema.Column geometryColumn = geometryInput.Find(data.Schema);
        geometryInput.RequireSize(geometryColumn, ImageGeometry.Length, "a geometry");
        MapComparer comparer = new(options, maps);
        using DataViewRowCursor cursor = data.GetRowCursor([geometryColumn, .. maps.Columns]);
        using FailedRows failed = new(host, Name, cursor);
        VectorInput geometry = new(cursor, geometryColumn);
        VectorInput[] inputs = Array.ConvertAll(maps.Columns, column => new VectorInput(cursor, column));
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            comparer.Add(geometry, geometryColumn, inputs, failed);
            options.Progress?.Report(comparer._images);
        }

        return comparer.Summarize();
    }

    private void Add(VectorInput geometryInput, DataViewSchema.Column geometryColumn, VectorInput[] inputs, FailedRows failed)
    {
        int image = _images++;
        ReadOnlySpan<float> values = geometryInput.Read();
        if (!failed.TryReadGeometry(values, geometryColumn, _maps.Grid, out ImageGeometry geometry))
        {
            _failed++;
            return;
        }

        float[] frame = new float[_maps.Grid.Cells];
        geometry.FrameFractions(frame);
        bool any = false;
        int queries = _maps.Queries.Count;
        var parts = new MapParts?[inputs.Length * queries];
        CellOrder order = new(_maps.Grid.Cells);
        for (int method = 0; method < inputs.Length; method++)
        {
            ReadOnlySpan<float> maps = inputs[method].Read();
            for (int query = 0; query < queries; query++)
            {
                ReadOnlySpan<float> map = maps.IsEmpty ? [] : maps.Slice(query * _maps.Grid.Cells, _maps.Grid.Cells);
                if (!maps.IsEmpty && failed.IsUsable(map, _maps.Columns[method]))
                {
                    any = true;
                    var found = MapParts.Of(map, order.Of(map), frame, _options.RegionThreshold, _options.Area);
                    parts[(method * queries) + query] = found;
                    _ofMaps[(method * queries) + query]
                        .Add(image, [(float)PointInRegion.AreaInFrame(found.Region, frame), found.IsConstant ? 1 : 0]);
                }
            }
        }

        _failed += any ? 0 : 1;
        for (int pair = 0; pair < _pairs.Length; pair++)
        {
            AddPair(image, pair, parts, frame);
        }
    }

    private void AddPair(int image, int pair, MapParts?[] parts, float[] frame)
    {
        (double regions, double largest, double peaks, int count) = (0, 0, 0, 0);
        int queries = _maps.Queries.Count;
        for (int query = 0; query < queries; query++)
        {
            if (
                parts[(_pairs[pair].First * queries) + query] is { IsConstant: false } first
                && parts[(_pairs[pair].Second * queries) + query] is { IsConstant: false } second
            )
            {
                count++;
                regions += Overlap(first.Region, second.Region, frame);
                largest += Overlap(first.Largest, second.Largest, frame);
                peaks += first.Peak == second.Peak ? 1 : 0;
            }
        }

        if (count > 0)
        {
            _ofPairs[pair].Add(image, [(float)(regions / count), (float)(largest / count), (float)(peaks / count)]);
        }
    }

    private static double Overlap(bool[] first, bool[] second, float[] frame)
    {
        (double both, double either) = (0, 0);
        for (int cell = 0; cell < frame.Length; cell++)
        {
            both += first[cell] && second[cell] ? frame[cell] : 0;
            either += first[cell] || second[cell] ? frame[cell] : 0;
        }

        return either > 0 ? both / either : 0;
    }

    private MapComparison Summarize()
    {
        ImageBootstrap bootstrap = new(_images, _options.BootstrapReplicates, (ulong)_options.Seed);
        return new MapComparison
        {
            Rows = _options.RowsDescription,
            Origin = [.. _options.Origin],
            ImageCount = _images,
            FailedImageCount = _failed,
            Words = [.. _maps.Queries],
            RegionThreshold = _options.RegionThreshold,
            Area = _options.Area,
            BootstrapReplicates = _options.BootstrapReplicates,
            Confidence = _options.Confidence,
            Seed = _options.Seed,
            Methods = [.. _maps.Methods.Select((method, index) => AreasOf(method.Name, index, bootstrap))],
            Agreements =
            [
                .. _pairs.Select(
                    (pair, index) =>
                    {
                        ResampledScores scores = _ofPairs[index].Resample(bootstrap, OfPairs);
                        return new MethodAgreement(
                            _maps.Methods[pair.First].Name,
                            _maps.Methods[pair.Second].Name,
                            _ofPairs[index].Count,
                            scores.Estimate(0, _options.Confidence),
                            scores.Estimate(1, _options.Confidence),
                            scores.Estimate(2, _options.Confidence)
                        );
                    }
                ),
            ],
        };
    }

    private MethodAreas AreasOf(string name, int method, ImageBootstrap bootstrap)
    {
        Numbers[] words = _ofMaps[(method * _maps.Queries.Count)..((method + 1) * _maps.Queries.Count)];
        ResampledScores[] resampled = Array.ConvertAll(words, word => word.Resample(bootstrap, OfMaps));
        var mean = ResampledScores.Mean(resampled, OfMaps.Length, bootstrap.Replicates);
        return new MethodAreas(
            name,
            [.. _maps.Queries.Select((word, index) => Describe(word, words[index].Count, resampled[index]))],
            Describe("mean", words.Sum(word => word.Count), mean)
        );

        WordAreas Describe(string word, int count, ResampledScores scores) =>
            new(word, count, scores.Estimate(0, _options.Confidence), scores.Estimate(1, _options.Confidence));
    }

    /// <summary>Rows of numbers, and the images that they are of.</summary>
    private sealed class Numbers
    {
        private readonly List<int> _of = [];
        private readonly List<float> _values = [];

        public int Count => _of.Count;

        public void Add(int image, ReadOnlySpan<float> values)
        {
            _of.Add(image);
            _values.AddRange(values);
        }

        public ResampledScores Resample(ImageBootstrap bootstrap, ScoreColumn[] columns) =>
            bootstrap.Resample([.. _of], [.. _values], columns);
    }

    /// <summary>What is compared of a map.</summary>
    private sealed record MapParts(bool[] Region, bool[] Largest, int Peak)
    {
        public bool IsConstant => Peak < 0;

        public static MapParts Of(ReadOnlySpan<float> map, ReadOnlySpan<int> order, float[] frame, double threshold, double area)
        {
            bool[] region = new bool[map.Length];
            Maths.Regions.Region.Threshold(map, threshold, region);
            bool[] largest = new bool[map.Length];
            foreach (int cell in order[..FixedArea.Count(order, frame, area)])
            {
                largest[cell] = true;
            }

            return new MapParts(region, largest, order.IsEmpty ? -1 : order[0]);
        }
    }
}
