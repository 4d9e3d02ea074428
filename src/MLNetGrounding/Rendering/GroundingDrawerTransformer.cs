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
public sealed class GroundingDrawerTransformer : RowMapTransformer
{
    internal const string Name = "GroundingDrawer";

    private const int SheetColumns = 4;

    private readonly GroundingDrawerOptions _options;

    internal GroundingDrawerTransformer(IHostEnvironment environment, GroundingDrawerOptions options)
        : base(environment, Saved) => _options = options;

    internal static SavedComponent Saved { get; } = SavedComponent.Of<GroundingDrawerOptions>(
        Name, version: 1, (origin, settings) => new GroundingDrawerTransformer(origin.Environment, settings.CheckedCopy()));

    private protected override object SavedSettings => _options;

    /// <summary>Image, maps and geometry, then key points and their visibility where they are drawn.</summary>
    internal static InputColumn[] InputsOf(GroundingDrawerOptions options) =>
    [
        new(Name, nameof(options.ImageColumnName), options.ImageColumnName, new ImageDataViewType()),
        new(Name, nameof(options.GroundingMapsColumnName), options.GroundingMapsColumnName, NumberDataViewType.Single, ["queries", "gridHeight", "gridWidth"]),
        new(Name, nameof(options.GeometryColumnName), options.GeometryColumnName, NumberDataViewType.Single, [$"{ImageGeometry.Length}"]),
        .. options.KeyPointsColumnName is { } keyPoints
            ? (InputColumn[])
            [
                new(Name, nameof(options.KeyPointsColumnName), keyPoints, NumberDataViewType.Single, ["points", "2"]),
                new(Name, nameof(options.KeyPointVisibleColumnName), options.KeyPointVisibleColumnName, NumberDataViewType.Single, ["points"]),
            ]
            : [],
    ];

    private protected override RowMap Bind(DataViewSchema inputSchema)
    {
        InputColumn[] inputs = InputsOf(_options);
        DataViewSchema.Column[] columns = Array.ConvertAll(inputs, input => input.Find(inputSchema));
        int[] dimensions = inputs[1].DimensionsOf(columns[1]);
        inputs[2].RequireSize(columns[2], ImageGeometry.Length, "a geometry");
        IReadOnlyList<string> queries = ColumnAnnotations.QueryNames(inputs[1], columns[1], dimensions[0], stated: null)
            ?? [.. Enumerable.Range(0, dimensions[0]).Select(query => $"query {query}")];
        int only = _options.Query is { } name ? queries.ToList().IndexOf(name) : -1;
        if (_options.Query is not null && only < 0)
        {
            throw SchemaMismatch.Because(
                $"{Name}: there is no query '{_options.Query}' in column '{columns[1].Name}', only: {string.Join(", ", queries)}. Set {nameof(_options.Query)} to one of them.");
        }

        if (columns.Length > 3)
        {
            KeyPointTable.CountPoints(inputs[3], columns[3], columns[4]);
        }

        return new Map(this, inputSchema, columns, new MapGrid(dimensions[1], dimensions[2]), queries, only);
    }

    private sealed class Map(
        GroundingDrawerTransformer owner, DataViewSchema inputSchema, DataViewSchema.Column[] columns, MapGrid grid, IReadOnlyList<string> queries, int only)
        : RowMap(inputSchema, [new(owner._options.OverlayColumnName, new ImageDataViewType())])
    {
        public DataViewSchema.Column[] Columns => columns;

        public MapGrid Grid => grid;

        public IReadOnlyList<string> Queries => queries;

        /// <summary>The query that is drawn alone, or -1.</summary>
        public int Only => only;

        public override IEnumerable<DataViewSchema.Column> InputsOf(int output) => columns;

        public override RowMapper CreateMapper(DataViewRow row) => new Mapper(owner, this, row);
    }

    private sealed class Mapper(GroundingDrawerTransformer owner, Map map, DataViewRow row) : RowMapper(row)
    {
        private readonly GroundingDrawerOptions _options = owner._options;
        private readonly FailedRows _failed = new(owner.Host, Name, row);

        // The consumer owns and disposes the picture, so each call draws a new one, as the image loader decodes a new one.
        public override Delegate CreateGetter(int output)
        {
            ValueGetter<MLImage> getImage = Row.GetGetter<MLImage>(map.Columns[0]);
            VectorInput[] inputs = [.. map.Columns.Skip(1).Select(column => new VectorInput(Row, column))];
            // Handed back to the source with every call; it may belong to the caller, so it is not disposed here.
            MLImage? image = null;
            return (ValueGetter<MLImage>)((ref MLImage destination) =>
            {
                destination?.Dispose();
                getImage(ref image!);
                destination = (image is null ? null : Draw(image, inputs))!;
            });
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
                using var background = new GroundingOverlay(image, ImageGeometry.FromVector(numbers, map.Grid), _options.Look);
                if (map.Only >= 0)
                {
                    DrawQuery(background, maps, map.Only, keyPoints, visible);
                    return background.ToImage();
                }

                List<GroundingOverlay> pictures = [];
                try
                {
                    for (int query = 0; query < map.Queries.Count; query++)
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

        private void DrawQuery(GroundingOverlay overlay, ReadOnlySpan<float> maps, int query, ReadOnlySpan<float> keyPoints, ReadOnlySpan<float> visible)
        {
            string name = map.Queries[query];
            overlay.DrawGrounding(
                GroundedImage.Slice(maps, map.Queries.Count, query), _options.RegionThreshold, keyPoints, visible, _options.KeyPointTable.GetValueOrDefault(name, []));
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
