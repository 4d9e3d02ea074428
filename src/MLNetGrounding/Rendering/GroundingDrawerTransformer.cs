using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;
using MLNetGrounding.Rendering;
using MLNetGrounding.Saving;
using MLNetGrounding.Scoring;

namespace MLNetGrounding;

/// <summary>
/// Draws each row's grounding map over its image, as an image column. A row without image, or whose maps are NaN, gets
/// <see langword="null"/>.
/// </summary>
public sealed class GroundingDrawerTransformer : RowMapTransformer, IUsesKeyPoints
{
    internal const string Name = "GroundingDrawer";

    private const int SheetColumns = 4;

    private readonly GroundingDrawerOptions _options;

    internal GroundingDrawerTransformer(IHostEnvironment environment, GroundingDrawerOptions options)
        : base(environment, Saved) => _options = options;

    internal static SavedComponent Saved { get; } =
        SavedComponent.Of<GroundingDrawerOptions>(
            Name,
            version: 1,
            (origin, settings) => new GroundingDrawerTransformer(origin.Environment, settings.CheckedCopy())
        );

    private protected override object SavedSettings => _options;

    /// <summary>Image, maps and geometry, then key points and their visibility where they are drawn.</summary>
    internal static InputColumn[] InputsOf(GroundingDrawerOptions options) =>
        [
            new(Name, nameof(options.ImageColumnName), options.ImageColumnName, new ImageDataViewType()),
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
            .. options.KeyPointsColumnName is { } keyPoints
                ? (InputColumn[])
                    [
                        new(Name, nameof(options.KeyPointsColumnName), keyPoints, NumberDataViewType.Single, ["points", "2"]),
                        new(
                            Name,
                            nameof(options.KeyPointVisibleColumnName),
                            options.KeyPointVisibleColumnName,
                            NumberDataViewType.Single,
                            ["points"]
                        ),
                    ]
                : [],
        ];

    int IUsesKeyPoints.KeyPoints => _options.KeyPointsColumnName is null ? 0 : KeyPointTable.PointsOf(_options.KeyPointTable);

    /// <summary>Looks up the key points of each query, so that they hold for rows whose columns say nothing of them.</summary>
    internal static GroundingDrawerTransformer Fit(IHostEnvironment environment, GroundingDrawerOptions options, DataViewSchema schema) =>
        new(environment, options.With(new Binding(options, schema).KeyPoints));

    private protected override RowMap Bind(DataViewSchema inputSchema) => new Map(this, inputSchema, new Binding(_options, inputSchema));

    /// <summary>The columns of a schema, and what they say.</summary>
    private sealed class Binding
    {
        public Binding(GroundingDrawerOptions options, DataViewSchema schema)
        {
            InputColumn[] inputs = InputsOf(options);
            Columns = Array.ConvertAll(inputs, input => input.Find(schema));
            int[] dimensions = inputs[1].DimensionsOf(Columns[1]);
            Grid = new MapGrid(dimensions[1], dimensions[2]);
            inputs[2].RequireSize(Columns[2], ImageGeometry.Length, "a geometry");
            Queries =
                ColumnAnnotations.QueryNames(inputs[1], Columns[1], dimensions[0], stated: null)
                ?? [.. Enumerable.Range(0, dimensions[0]).Select(query => $"query {query}")];
            Only = options.Query is { } name ? Queries.ToList().IndexOf(name) : -1;
            if (options.Query is not null && Only < 0)
            {
                throw SchemaMismatch.Because(
                    $"{Name}: there is no query '{options.Query}' in column '{Columns[1].Name}', only: {string.Join(", ", Queries)}. Set {nameof(options.Query)} to one of them."
                );
            }

            if (Columns.Length > 3)
            {
                KeyPoints = new QueryKeyPoints(
                    Queries,
                    options.KeyPointTable,
                    KeyPointDescription.Of(Columns[3], Columns[4]),
                    KeyPointTable.CountPoints(inputs[3], Columns[3], Columns[4]),
                    Name,
                    nameof(options.KeyPointTable)
                );
            }
        }

        /// <summary>Image, maps and geometry, then key points and their visibility where they are drawn.</summary>
        public DataViewSchema.Column[] Columns { get; }

        public MapGrid Grid { get; }

        public IReadOnlyList<string> Queries { get; }

        /// <summary>The query that is drawn alone, or -1.</summary>
        public int Only { get; }

        /// <summary>The points of each query, where they are drawn.</summary>
        public QueryKeyPoints? KeyPoints { get; }
    }

    private sealed class Map(GroundingDrawerTransformer owner, DataViewSchema inputSchema, Binding binding)
        : RowMap(inputSchema, [new(owner._options.OverlayColumnName, new ImageDataViewType())])
    {
        public Binding Binding => binding;

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => binding.Columns;

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner, this, row);
    }

    private sealed class Mapper(GroundingDrawerTransformer owner, Map map, DataViewRow row) : RowMapper(row)
    {
        private readonly GroundingDrawerOptions _options = owner._options;
        private readonly FailedRows _failed = new(owner.Host, Name, row);

        // The consumer owns and disposes the overlay, so each call draws a new one, as the image loader decodes a new one.
        public override Delegate CreateGetter(int output)
        {
            ValueGetter<MLImage> getImage = Row.GetGetter<MLImage>(map.Binding.Columns[0]);
            VectorInput[] inputs = [.. map.Binding.Columns.Skip(1).Select(column => new VectorInput(Row, column))];
            // Handed back to the source with every call; it may belong to the caller, so it is not disposed here.
            MLImage? image = null;
            return (ValueGetter<MLImage>)(
                (ref MLImage destination) =>
                {
                    destination?.Dispose();
                    getImage(ref image!);
                    destination = (image is null ? null : Draw(image, inputs))!;
                }
            );
        }

        protected override void DisposeCore() => _failed.Dispose();

        private MLImage? Draw(MLImage image, VectorInput[] inputs)
        {
            ReadOnlySpan<float> maps = inputs[0].Read();
            ReadOnlySpan<float> numbers = inputs[1].Read();
            ReadOnlySpan<float> keyPoints = inputs.Length > 2 ? inputs[2].Read() : [];
            ReadOnlySpan<float> visible = inputs.Length > 2 ? inputs[3].Read() : [];
            if (RowValues.AreMarked(maps) || RowValues.AreMarked(numbers))
            {
                return null;
            }

            try
            {
                using var background = new GroundingOverlay(image, ImageGeometry.FromVector(numbers, map.Binding.Grid), _options.Look);
                if (map.Binding.Only >= 0)
                {
                    DrawQuery(background, maps, map.Binding.Only, keyPoints, visible);
                    return background.ToImage();
                }

                List<GroundingOverlay> pictures = [];
                try
                {
                    for (int query = 0; query < map.Binding.Queries.Count; query++)
                    {
                        pictures.Add(background.Copy());
                        DrawQuery(pictures[query], maps, query, keyPoints, visible);
                    }

                    return ContactSheet.Arrange(pictures, SheetColumns);
                }
                finally
                {
                    pictures.ForEach(picture => picture.Dispose());
                }
            }
            catch (ArgumentException exception)
            {
                _failed.Add(exception.Message);
                return null;
            }
        }

        private void DrawQuery(
            GroundingOverlay overlay,
            ReadOnlySpan<float> maps,
            int query,
            ReadOnlySpan<float> keyPoints,
            ReadOnlySpan<float> visible
        )
        {
            string name = map.Binding.Queries[query];
            overlay.DrawGrounding(
                GroundedImage.Slice(maps, map.Binding.Queries.Count, query),
                _options.RegionThreshold,
                keyPoints,
                visible,
                map.Binding.KeyPoints?.Indices[query] ?? []
            );
            if (_options.Label)
            {
                overlay.DrawLabel(name);
            }

            if (_options.Legend)
            {
                overlay.DrawLegend();
            }
        }
    }
}
