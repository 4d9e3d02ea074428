using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetGrounding.DataViews;
using MLNetGrounding.Saving;

namespace MLNetGrounding;

/// <summary>
/// Makes regions of maps, as cells and as boxes in pixels: see <see cref="RegionRule"/>. A map that is the same everywhere, a map of zeros
/// for example, has an empty region and no box, and is counted in the log.
/// </summary>
public sealed class RegionFinderTransformer : RowMapTransformer
{
    private const string Name = "RegionFinder";

    // x, y, width and height.
    private const int BoxLength = 4;

    private readonly RegionFinderOptions _options;

    internal RegionFinderTransformer(IHostEnvironment environment, RegionFinderOptions options)
        : base(environment, Saved) => _options = options;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<RegionFinderOptions>(
            Name,
            version: 1,
            (origin, settings) => new RegionFinderTransformer(origin.Environment, settings.CheckedCopy())
        );

    private protected override object SavedSettings => _options;

    internal static InputColumn[] InputsOf(RegionFinderOptions options) =>
        [
            new(
                Name,
                nameof(options.GroundingMapsColumnName),
                options.GroundingMapsColumnName,
                NumberDataViewType.Single,
                ["queries", "gridHeight", "gridWidth"]
            ),
            new(
                Name,
                nameof(options.GeometryColumnName),
                options.GeometryColumnName,
                NumberDataViewType.Single,
                [$"{ImageGeometry.Length}"]
            ),
        ];

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        InputColumn[] inputs = InputsOf(_options);
        DataViewSchema.Column[] columns = Array.ConvertAll(inputs, input => input.Find(inputSchema));
        int[] dimensions = inputs[0].DimensionsOf(columns[0], _options.GroundingMapDimensions, nameof(_options.GroundingMapDimensions));
        inputs[1].RequireSize(columns[1], ImageGeometry.Length, "a geometry");
        IReadOnlyList<string> queries =
            ColumnAnnotations.QueryNames(inputs[0], columns[0], dimensions[0], _options.QueryNames)
            ?? [.. Enumerable.Range(0, dimensions[0]).Select(query => $"{query}")];
        return new Map(this, inputSchema, columns, queries, new MapGrid(dimensions[1], dimensions[2]));
    }

    private sealed class Map(
        RegionFinderTransformer owner,
        DataViewSchema inputSchema,
        DataViewSchema.Column[] columns,
        IReadOnlyList<string> queries,
        MapGrid grid
    )
        : RowMap(
            inputSchema,
            [
                ColumnAnnotations.Vector(
                    owner._options.RegionsColumnName,
                    [queries.Count, grid.Height, grid.Width],
                    ["query", "row", "column"],
                    queries
                ),
                ColumnAnnotations.Vector(owner._options.RegionBoxesColumnName, [queries.Count, BoxLength], ["query", "side"], queries),
            ]
        )
    {
        public DataViewSchema.Column[] Columns => columns;

        public MapGrid Grid => grid;

        public int Queries => queries.Count;

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => columns;

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner, this, row);
    }

    private sealed class Mapper : RowMapper
    {
        private readonly RegionRule _rule;
        private readonly IHost _host;
        private readonly Map _map;
        private readonly FailedRows _failed;
        private readonly OncePerRow _step;
        private readonly VectorInput _maps;
        private readonly VectorInput _geometry;
        private readonly float[] _regions;
        private readonly float[] _boxes;
        private readonly bool[] _region;
        private long _empty;

        public Mapper(RegionFinderTransformer owner, Map map, DataViewRow row)
            : base(row)
        {
            (_rule, _host, _map) = (owner._options.Rule, owner.Host, map);
            _failed = new FailedRows(owner.Host, Name, row);
            _step = Once(Find);
            _maps = new VectorInput(row, map.Columns[0]);
            _geometry = new VectorInput(row, map.Columns[1]);
            _regions = new float[map.Queries * map.Grid.Cells];
            _boxes = new float[map.Queries * BoxLength];
            _region = new bool[map.Grid.Cells];
        }

        public override Delegate CreateGetter(int output) => VectorGetter(_step, output == 0 ? () => _regions : () => _boxes);

        protected override void DisposeCore()
        {
            _failed.Dispose();
            if (_empty > 0)
            {
                using IChannel channel = _host.Start(Name);
                channel.Info(MessageSensitivity.None, $"{Name}: {_empty} map(s) are the same everywhere and have no region.");
                _empty = 0;
            }
        }

        private void Find()
        {
            _regions.AsSpan().Fill(float.NaN);
            _boxes.AsSpan().Fill(float.NaN);
            ReadOnlySpan<float> maps = _maps.Read();
            if (!_failed.TryReadGeometry(_geometry.Read(), _map.Columns[1], _map.Grid, out ImageGeometry geometry))
            {
                return;
            }

            for (int query = 0; query < _map.Queries; query++)
            {
                ReadOnlySpan<float> map = maps.IsEmpty ? [] : maps.Slice(query * _region.Length, _region.Length);
                if (!_failed.IsUsable(map, _map.Columns[0]))
                {
                    continue;
                }

                _empty += _rule.Mark(map, geometry, _region) == 0 ? 1 : 0;
                for (int cell = 0; cell < _region.Length; cell++)
                {
                    _regions[(query * _region.Length) + cell] = _region[cell] ? 1 : 0;
                }

                if (_rule.Box(map, geometry, _region) is { } box)
                {
                    ((float[])[(float)box.Left, (float)box.Top, (float)box.Width, (float)box.Height]).CopyTo(
                        _boxes.AsSpan(query * BoxLength)
                    );
                }
            }
        }
    }
}
