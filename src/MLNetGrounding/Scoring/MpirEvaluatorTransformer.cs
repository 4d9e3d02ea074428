using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Saving;
using MLNetGrounding.Scoring;

namespace MLNetGrounding;

/// <summary>
/// Scores grounding maps on annotated key points: the paper's mPIR, row by row and query by query
/// ("Can Large Vision Language Models Ground Fine-Grained Attribute?", section 4.2, equation 5). A query is not scored, and its outputs are
/// NaN, where none of its key points is visible or its map or the row's geometry is NaN. A visible key point that a crop removed is a miss.
/// </summary>
public sealed class MpirEvaluatorTransformer : RowMapTransformer, IUsesKeyPoints
{
    private const string Name = "MpirEvaluator";

    private readonly MpirEvaluatorOptions _options;

    internal MpirEvaluatorTransformer(IHostEnvironment environment, MpirEvaluatorOptions options)
        : base(environment, Saved) => _options = options;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<MpirEvaluatorOptions>(
            Name,
            version: 1,
            (origin, settings) => new MpirEvaluatorTransformer(origin.Environment, settings.CheckedCopy())
        );

    private protected override object SavedSettings => _options;

    internal static InputColumn[] InputsOf(MpirEvaluatorOptions options) =>
        [
            new(
                Name,
                nameof(options.GroundingMapsColumnName),
                options.GroundingMapsColumnName,
                NumberDataViewType.Single,
                ["queries", "gridHeight", "gridWidth"]
            ),
            new(Name, nameof(options.KeyPointsColumnName), options.KeyPointsColumnName, NumberDataViewType.Single, ["points", "2"]),
            new(Name, nameof(options.KeyPointVisibleColumnName), options.KeyPointVisibleColumnName, NumberDataViewType.Single, ["points"]),
            new(
                Name,
                nameof(options.GeometryColumnName),
                options.GeometryColumnName,
                NumberDataViewType.Single,
                [$"{ImageGeometry.Length}"]
            ),
        ];

    int IUsesKeyPoints.KeyPoints => KeyPointTable.PointsOf(_options.KeyPointTable);

    /// <summary>Looks up the key points of each query, so that they hold for rows whose columns say nothing of them.</summary>
    internal static MpirEvaluatorTransformer Fit(IHostEnvironment environment, MpirEvaluatorOptions options, DataViewSchema schema)
    {
        Binding binding = new(options, schema);
        using (IChannel channel = environment.Register(Name).Start(nameof(Fit)))
        {
            binding.KeyPoints.WarnOfUnscored(channel, Name, nameof(options.KeyPointTable));
        }

        return new MpirEvaluatorTransformer(environment, options.With(binding.KeyPoints));
    }

    private protected override RowMap Bind(DataViewSchema inputSchema) => new Map(this, inputSchema, new Binding(_options, inputSchema));

    /// <summary>The columns of a schema, and what they say.</summary>
    private sealed class Binding
    {
        public Binding(MpirEvaluatorOptions options, DataViewSchema schema)
        {
            InputColumn[] inputs = InputsOf(options);
            Columns = Array.ConvertAll(inputs, input => input.Find(schema));
            int[] dimensions = inputs[0].DimensionsOf(Columns[0], options.GroundingMapDimensions, nameof(options.GroundingMapDimensions));
            int points = KeyPointTable.CountPoints(inputs[1], Columns[1], Columns[2]);
            inputs[3].RequireSize(Columns[3], ImageGeometry.Length, "a geometry");
            Grid = new MapGrid(dimensions[1], dimensions[2]);
            Queries =
                ColumnAnnotations.QueryNames(inputs[0], Columns[0], dimensions[0], options.QueryNames)
                ?? throw SchemaMismatch.Because(
                    $"{Name}: column '{Columns[0].Name}' carries no query names, which say what key points count. Set {nameof(options.QueryNames)}."
                );
            KeyPoints = new QueryKeyPoints(
                Queries,
                options.KeyPointTable,
                KeyPointDescription.Of(Columns[1], Columns[2]),
                points,
                Name,
                nameof(options.KeyPointTable)
            );
        }

        /// <summary>Maps, key points, visibility and geometry.</summary>
        public DataViewSchema.Column[] Columns { get; }

        public MapGrid Grid { get; }

        public IReadOnlyList<string> Queries { get; }

        public QueryKeyPoints KeyPoints { get; }
    }

    private sealed class Map(MpirEvaluatorTransformer owner, DataViewSchema inputSchema, Binding binding)
        : RowMap(
            inputSchema,
            [
                ColumnAnnotations.Vector(owner._options.HitColumnName, [binding.Queries.Count], ["query"], binding.Queries),
                ColumnAnnotations.Vector(owner._options.AreaColumnName, [binding.Queries.Count], ["query"], binding.Queries),
                ColumnAnnotations.Vector(owner._options.MpirColumnName, [binding.Queries.Count], ["query"], binding.Queries),
            ]
        )
    {
        public DataViewSchema.Column[] Columns => binding.Columns;

        public MapGrid Grid => binding.Grid;

        public int[][] KeyPoints => binding.KeyPoints.Indices;

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => binding.Columns;

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner, this, row);
    }

    private sealed class Mapper : RowMapper
    {
        private readonly MpirEvaluatorOptions _options;
        private readonly Map _map;
        private readonly FailedRows _failed;
        private readonly OncePerRow _step;
        private readonly VectorInput[] _inputs;
        private readonly bool[] _region;
        private readonly float[] _fractions;

        /// <summary>Hit, area and mPIR, in the order of the outputs.</summary>
        private readonly float[][] _scores;

        public Mapper(MpirEvaluatorTransformer owner, Map map, DataViewRow row)
            : base(row)
        {
            _options = owner._options;
            _map = map;
            _failed = new FailedRows(owner.Host, Name, row);
            _step = Once(Score);
            _inputs = Array.ConvertAll(map.Columns, column => new VectorInput(row, column));
            _region = new bool[map.Grid.Cells];
            _fractions = new float[map.Grid.Cells];
            _scores = [.. map.Outputs.Select(_ => new float[map.KeyPoints.Length])];
        }

        public override Delegate CreateGetter(int output) => VectorGetter(_step, () => _scores[output]);

        protected override void DisposeCore() => _failed.Dispose();

        private void Score()
        {
            foreach (float[] scores in _scores)
            {
                scores.AsSpan().Fill(float.NaN);
            }

            ReadOnlySpan<float> maps = _inputs[0].Read();
            ReadOnlySpan<float> keyPoints = _inputs[1].Read();
            ReadOnlySpan<float> visible = _inputs[2].Read();
            if (
                !_failed.TryReadGeometry(_inputs[3].Read(), _map.Columns[3], _map.Grid, out ImageGeometry geometry)
                || !_failed.IsUsable(keyPoints, _map.Columns[1])
                || !AreVisibilities(visible)
            )
            {
                return;
            }

            geometry.FrameFractions(_fractions);
            for (int query = 0; query < _map.KeyPoints.Length; query++)
            {
                ReadOnlySpan<float> map = maps.IsEmpty ? [] : maps.Slice(query * _region.Length, _region.Length);
                if (!_failed.IsUsable(map, _map.Columns[0]))
                {
                    continue;
                }

                Region.Threshold(map, _options.RegionThreshold, _region);
                if (PointInRegion.Score(_region, geometry, _fractions, keyPoints, visible, _map.KeyPoints[query]) is { } score)
                {
                    _scores[0][query] = score.Hit ? 1 : 0;
                    _scores[1][query] = (float)score.Area;
                    _scores[2][query] = (float)score.Mpir;
                }
            }
        }

        private bool AreVisibilities(ReadOnlySpan<float> visible)
        {
            if (!_failed.IsUsable(visible, _map.Columns[2]))
            {
                return false;
            }

            bool valid = Numbers.AreAttention(visible);
            if (!valid)
            {
                _failed.Add(
                    $"'{_map.Columns[2].Name}' holds a negative number, expected 0 for a key point that is not visible and a positive number for one that is."
                );
            }

            return valid;
        }
    }
}
