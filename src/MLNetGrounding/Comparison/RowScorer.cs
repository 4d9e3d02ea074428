using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.Data.Images;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Maths.Scoring.Baselines;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Comparison;

/// <summary>Scores the row that a cursor stands on: all methods, swapped queries and baselines on one image.</summary>
internal sealed class RowScorer : IDisposable
{
    private const string Step = "EvaluateMethods";

    private readonly MethodBinding _binding;
    private readonly MethodEvaluationOptions _options;
    private readonly Baseline[] _baselines;
    private readonly int _swaps;
    private readonly ScoreColumn[] _columns;
    private readonly int _firstFurther;
    private readonly int _referenceArea;
    private readonly MapScorer _scorer;
    private readonly FailedRows _failed;
    private readonly PartMaskReader _partMasks = new();
    private readonly VectorInput _keyPoints;
    private readonly VectorInput _visible;
    private readonly VectorInput _geometry;
    private readonly VectorInput? _box;
    private readonly Func<string>? _mask;
    private readonly Func<string>? _objectMask;
    private readonly Func<string>? _imagePath;
    private readonly VectorInput[] _maps;
    private readonly Func<string> _image;
    private readonly ValueGetter<MLImage>? _pixels;
    private readonly Func<long> _position;

    public RowScorer(MethodBinding binding, MethodEvaluationOptions options, DataViewRow row, IHost host)
    {
        _binding = binding;
        _options = options;
        double[] thresholds = options.AllThresholds;
        _columns = options.ScoreColumns();
        _referenceArea = MapScorer.RegionAt(Array.IndexOf(thresholds, options.RegionThreshold)).Area;
        _firstFurther = MapScorer.FurtherAt(thresholds.Length, options.FixedAreas.Count);
        _scorer = new MapScorer(binding.Grid, thresholds, options.FixedAreas, options.AllFurtherScores);
        _baselines = BaselinesOf(binding, options);
        _swaps = HasSwaps(binding) ? binding.Methods.Count : 0;
        _failed = new FailedRows(host, Step, row);
        _image = ReadImage(row, binding.Image);
        _keyPoints = new VectorInput(row, binding.KeyPoints);
        _visible = new VectorInput(row, binding.Visible);
        _geometry = new VectorInput(row, binding.Geometry);
        _box = binding.Box is { } box ? new VectorInput(row, box) : null;
        _mask = binding.Mask is { } mask ? ReadImage(row, mask) : null;
        _objectMask = binding.ObjectMask is { } objectMask ? ReadImage(row, objectMask) : null;
        _imagePath = binding.ImagePath is { } path ? ReadImage(row, path) : null;
        _maps = Array.ConvertAll(binding.Maps, column => new VectorInput(row, column));
        _pixels = binding.Pixels is { } pixels ? row.GetGetter<MLImage>(pixels) : null;
        _position = () => row.Position;
    }

    /// <summary>What is scored, in the order of an image's lines.</summary>
    public static ScoreEntry[] Entries(MethodBinding binding, MethodEvaluationOptions options) =>
        [
            .. binding.Methods.Select(method => new ScoreEntry(method.Name, MethodKind.Method, "")),
            .. HasSwaps(binding)
                ? binding.Methods.Select(method => new ScoreEntry(
                    $"{method.Name}.Swapped",
                    MethodKind.SwappedQuery,
                    $"the maps of {method.Name}, each scored on another part"
                )
                {
                    MapsOf = method.Name,
                })
                : [],
            .. BaselinesOf(binding, options)
                .Select(baseline => new ScoreEntry(baseline.Name, MethodKind.Baseline, DescriptionOf(baseline, options))),
        ];

    /// <summary>What the row's image is called.</summary>
    public string Image() => _image();

    /// <summary>The name of the row's file; empty where the data has none.</summary>
    public string FileName() =>
        string.Concat((Path.GetFileName(_imagePath?.Invoke()) ?? "").Select(character => char.IsControl(character) ? ' ' : character));

    /// <summary>Scores the row.</summary>
    public ImageScores Score(string image)
    {
        int methods = _binding.Methods.Count;
        var scores = new ImageScores(image, methods + _swaps + _baselines.Length, _binding.Queries.Count, _columns.Length)
        {
            File = FileName(),
        };
        if (Annotations() is not { } annotated)
        {
            scores.Fail();
            return scores;
        }

        bool anyMap = false;
        for (int method = 0; method < methods; method++)
        {
            ReadOnlySpan<float> maps = _maps[method].Read();
            bool[] usable = new bool[_binding.Queries.Count];
            for (int query = 0; query < usable.Length; query++)
            {
                ReadOnlySpan<float> map = MapOf(maps, query);
                usable[query] = _failed.IsUsable(map, _binding.Maps[method]);
                anyMap |= usable[query];
                ScoreMap(map, usable[query], annotated, query, scores, method);
            }

            for (int query = 0; query < usable.Length && _swaps > 0; query++)
            {
                if (_binding.Swaps[query] is >= 0 and int source)
                {
                    ScoreMap(MapOf(maps, source), usable[source], annotated, query, scores, methods + method);
                }
            }
        }

        if (!anyMap)
        {
            // Baselines are compared on the images that the methods saw.
            scores.Fail();
            return scores;
        }

        ScoreBaselines(annotated, scores, methods + _swaps);
        if (_binding.Faithfulness is { } faithfulness)
        {
            MeasureFaithfulness(faithfulness, annotated, scores, methods + _swaps);
        }

        return scores;
    }

    public void Dispose() => _failed.Dispose();

    private void ScoreMap(ReadOnlySpan<float> map, bool usable, AnnotatedImage annotated, int query, ImageScores scores, int entry)
    {
        int line = scores.Line(entry, query);
        if (!usable)
        {
            scores.Status(line) = ScoreStatus.Failed;
        }
        else if (!annotated.Points(query).IsEmpty)
        {
            scores.Status(line) = ScoreStatus.Scored;
            _scorer.ScoreMap(map, annotated, query, scores.Scores(line));
            CheckFurther(scores.Scores(line), query);
        }
    }

    /// <summary>A score that was written outside of the library may give what no file and no mean can hold.</summary>
    private void CheckFurther(Span<float> scores, int query)
    {
        for (int column = _firstFurther; column < scores.Length; column++)
        {
            if (float.IsInfinity(scores[column]))
            {
                _failed.Add(
                    $"the score '{_columns[column].Name}' is infinite for query '{_binding.Queries[query]}'; it counts as not scored."
                );
                scores[column] = float.NaN;
            }
        }
    }

    private void ScoreBaselines(AnnotatedImage annotated, ImageScores scores, int firstEntry)
    {
        for (int query = 0; query < _binding.Queries.Count; query++)
        {
            if (annotated.Points(query).IsEmpty)
            {
                continue;
            }

            var row = new BaselineRow((ulong)_options.Seed, scores.Image, scores.Scores(scores.Line(0, query))[_referenceArea]);
            for (int index = 0; index < _baselines.Length; index++)
            {
                int line = scores.Line(firstEntry + index, query);
                Span<float> numbers = scores.Scores(line);
                _baselines[index].Score(annotated, query, row, _scorer, numbers);
                CheckFurther(numbers, query);
                scores.Status(line) = float.IsNaN(numbers[MapScorer.RegionAt(0).Hit]) ? ScoreStatus.NotScored : ScoreStatus.Scored;
            }
        }
    }

    /// <summary>Measures the maps of one query of the row: that of its place, or the next one that every method has a map for.</summary>
    private void MeasureFaithfulness(FaithfulnessMeasurement faithfulness, AnnotatedImage annotated, ImageScores scores, int firstBaseline)
    {
        int queries = _binding.Queries.Count;
        int methods = _binding.Methods.Count;
        int query = Enumerable
            .Range(0, queries)
            .Select(offset => (int)((_position() + offset) % queries))
            .FirstOrDefault(
                candidate =>
                    Enumerable.Range(0, methods).All(method => scores.Status(scores.Line(method, candidate)) == ScoreStatus.Scored),
                -1
            );
        if (query < 0)
        {
            return;
        }

        List<(int Line, float[] Map)> maps =
        [
            .. Enumerable.Range(0, methods).Select(method => (scores.Line(method, query), MapOf(_maps[method].Read(), query).ToArray())),
        ];
        BaselineRow row = new((ulong)_options.Seed, scores.Image, double.NaN);
        for (int index = 0; index < _baselines.Length; index++)
        {
            // A map costs as much as a method's, so that only those are measured that know nothing.
            float[] drawn = new float[_binding.Grid.Cells];
            if (
                _baselines[index] is MapBaseline baseline and (CenterGaussianBaseline or RandomMapBaseline)
                && baseline.TryDraw(annotated, query, row, drawn)
            )
            {
                maps.Add((scores.Line(firstBaseline + index, query), drawn));
            }
        }

        MLImage? image = null;
        _pixels!(ref image!);
        using (image)
        {
            if (image is null)
            {
                return;
            }

            IReadOnlyList<FaithfulnessCurves>? curves = faithfulness.Measure(
                ImagePixels.ToRgb(image),
                query,
                [.. maps.Select(map => map.Map)]
            );
            if (curves is null)
            {
                _failed.Add($"the model answers nothing about '{_binding.Queries[query]}', so that nothing can rest on the image.");
                return;
            }

            for (int index = 0; index < maps.Count; index++)
            {
                // The last of the further scores.
                Span<float> numbers = scores.Scores(maps[index].Line);
                FaithfulnessColumns.Write(curves[index], numbers[(numbers.Length - FaithfulnessColumns.Count)..]);
            }
        }
    }

    private AnnotatedImage? Annotations()
    {
        ReadOnlySpan<float> geometryValues = _geometry.Read();
        ReadOnlySpan<float> keyPoints = _keyPoints.Read();
        ReadOnlySpan<float> visible = _visible.Read();
        if (
            !_failed.IsUsable(geometryValues, _binding.Geometry)
            || !_failed.IsUsable(keyPoints, _binding.KeyPoints)
            || !_failed.IsUsable(visible, _binding.Visible)
        )
        {
            return null;
        }

        ReadOnlySpan<float> box = _box is null ? [] : _box.Read();
        if (box.ContainsAny(float.PositiveInfinity, float.NegativeInfinity))
        {
            _failed.Add($"'{_binding.Box!.Value.Name}' holds infinite values; the row is scored without a box.");
        }

        try
        {
            var geometry = ImageGeometry.FromVector(geometryValues, _binding.Grid);
            return new AnnotatedImage(
                geometry,
                keyPoints,
                visible,
                _binding.Points.Indices,
                RowValues.AreFinite(box) ? box : [],
                Parts(geometry),
                ObjectMask(geometry)
            );
        }
        catch (ArgumentException exception)
        {
            _failed.Add(exception.Message);
            return null;
        }
    }

    private PartPixels? Parts(in ImageGeometry geometry)
    {
        if (_mask is null)
        {
            return null;
        }

        try
        {
            return _partMasks.Read(_mask(), geometry, _binding.Queries);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _failed.Add(exception.Message);
            return null;
        }
    }

    private ObjectPixels? ObjectMask(in ImageGeometry geometry)
    {
        if (_objectMask?.Invoke() is not { Length: > 0 } path)
        {
            return null;
        }

        try
        {
            return ObjectMaskReader.Read(path, geometry);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _failed.Add(exception.Message);
            return null;
        }
    }

    private ReadOnlySpan<float> MapOf(ReadOnlySpan<float> maps, int query)
    {
        int cells = _binding.Grid.Cells;
        return maps.IsEmpty ? [] : maps.Slice(query * cells, cells);
    }

    private static bool HasSwaps(MethodBinding binding) => Array.Exists(binding.Swaps, source => source >= 0);

    private static Baseline[] BaselinesOf(MethodBinding binding, MethodEvaluationOptions options) =>
        !options.Baselines
            ? []
            :
            [
                new ChanceBaseline(null, onePoint: true, options.ChanceDraws),
                new ChanceBaseline(null, onePoint: false, options.ChanceDraws),
                new ChanceBaseline(MethodEvaluationOptions.Defaults.SmallArea, onePoint: true, options.ChanceDraws),
                new ChanceBaseline(MethodEvaluationOptions.Defaults.SmallArea, onePoint: false, options.ChanceDraws),
                new WholeImageBaseline(),
                .. binding.Box is null
                    ? (Baseline[])[]
                    : [new BoxBaseline(), new RandomInBoxBaseline(binding.Methods[0].Name, options.ChanceDraws)],
                .. binding.ObjectMask is null ? (Baseline[])[] : [new ObjectMaskBaseline()],
                new CenterGaussianBaseline(binding.Grid),
                .. options.Faithfulness is null ? (Baseline[])[] : [new RandomMapBaseline(binding.Grid)],
                .. binding.Box is null || options.PartPositions is null
                    ? (Baseline[])[]
                    : [new PartPositionBaseline(PositionsOf(binding.Queries, options.PartPositions), binding.Grid)],
            ];

    private static string DescriptionOf(Baseline baseline, MethodEvaluationOptions options) =>
        baseline is PartPositionBaseline ? $"{baseline.Description} ({options.PositionsLearnedOn})" : baseline.Description;

    private static PartPosition[] PositionsOf(IReadOnlyList<string> queries, IReadOnlyList<PartPosition> positions) =>
        [
            .. queries.Select(query =>
                positions.FirstOrDefault(position => position.Query == query) ?? new PartPosition(query, 0, 0.5, 0.5, 0.5, 0.5)
            ),
        ];

    private static Func<string> ReadImage(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> text = row.GetGetter<ReadOnlyMemory<char>>(column);
            return () =>
            {
                ReadOnlyMemory<char> value = default;
                text(ref value);
                return value.ToString();
            };
        }

        ValueGetter<int> number = row.GetGetter<int>(column);
        return () =>
        {
            int value = 0;
            number(ref value);
            return value.ToString(CultureInfo.InvariantCulture);
        };
    }
}
