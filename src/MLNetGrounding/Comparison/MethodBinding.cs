using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;
using MLNetGrounding.Scoring;

namespace MLNetGrounding.Comparison;

/// <summary>The columns of a view that an evaluation reads, found and checked before any row is.</summary>
internal sealed class MethodBinding
{
    private const string Name = "EvaluateMethods";

    public MethodBinding(DataViewSchema schema, MethodEvaluationOptions options)
    {
        Methods = options.Methods ?? FindMethods(schema);
        if (Methods.Count == 0 || Methods.Select(method => method.Name).Distinct(StringComparer.Ordinal).Count() < Methods.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{Name}: {nameof(options.Methods)} must name at least one method, and each once; the names are: {string.Join(", ", Methods.Select(method => method.Name))}."
            );
        }

        Image = FindImageId(schema, options);
        InputColumn keyPoints = Vector(nameof(options.KeyPointsColumnName), options.KeyPointsColumnName, ["points", "2"]);
        InputColumn visible = Vector(nameof(options.KeyPointVisibleColumnName), options.KeyPointVisibleColumnName, ["points"]);
        InputColumn geometry = Vector(nameof(options.GeometryColumnName), options.GeometryColumnName, [$"{ImageGeometry.Length}"]);
        (KeyPoints, Visible, Geometry) = (keyPoints.Find(schema), visible.Find(schema), geometry.Find(schema));
        int points = KeyPointTable.CountPoints(keyPoints, KeyPoints, Visible);
        geometry.RequireSize(Geometry, ImageGeometry.Length, "a geometry");
        if (options.BoundingBoxColumnName is { } boxName)
        {
            InputColumn box = Vector(nameof(options.BoundingBoxColumnName), boxName, ["4"]);
            Box = box.Find(schema);
            box.RequireSize(Box.Value, 4, "a box");
        }

        if (options.PartMaskPathColumnName is { } maskName && schema.GetColumnOrNull(maskName) is { Type: TextDataViewType } mask)
        {
            Mask = mask;
        }

        (Maps, Queries, Grid) = FindMaps(schema, options);
        if (options.Faithfulness is { } faithfulness)
        {
            string option = $"{nameof(options.Faithfulness)}.{nameof(faithfulness.ImageColumnName)}";
            Pixels = new InputColumn(Name, option, faithfulness.ImageColumnName, new ImageDataViewType()).Find(schema);
            Faithfulness = new FaithfulnessMeasurement(faithfulness, Queries, Grid, options.CancellationToken);
        }

        var description = KeyPointDescription.Of(KeyPoints, Visible);
        Points = new QueryKeyPoints(Queries, options.KeyPointTable, description, points, Name, nameof(options.KeyPointTable));
        Swaps = QuerySwaps.Of(Queries, options.SwappedQueries, description);
    }

    public IReadOnlyList<EvaluatedMethod> Methods { get; }

    public IReadOnlyList<string> Queries { get; }

    /// <summary>The key points of each query.</summary>
    public QueryKeyPoints Points { get; }

    /// <summary>For each query the query whose map is scored on its part, or -1.</summary>
    public int[] Swaps { get; }

    public MapGrid Grid { get; }

    public DataViewSchema.Column Image { get; }

    public DataViewSchema.Column KeyPoints { get; }

    public DataViewSchema.Column Visible { get; }

    public DataViewSchema.Column Geometry { get; }

    public DataViewSchema.Column? Box { get; }

    public DataViewSchema.Column? Mask { get; }

    /// <summary>The images themselves, where they are looked at.</summary>
    public DataViewSchema.Column? Pixels { get; }

    /// <summary>Measures maps by what answers rest on, where that is asked for.</summary>
    public FaithfulnessMeasurement? Faithfulness { get; }

    /// <summary>The methods' maps, in the methods' order.</summary>
    public DataViewSchema.Column[] Maps { get; }

    public IEnumerable<DataViewSchema.Column> Columns =>
        new[] { Image, KeyPoints, Visible, Geometry }
            .Concat(Maps)
            .Concat(new[] { Box, Mask, Pixels }.OfType<DataViewSchema.Column>())
            .DistinctBy(column => column.Index);

    private static List<EvaluatedMethod> FindMethods(DataViewSchema schema)
    {
        List<EvaluatedMethod> methods = EvaluatedMethod.AllOf(schema);
        return methods.Count > 0
            ? methods
            : throw SchemaMismatch.Because(
                $"{Name}: there is no column '{EvaluatedMethod.MapColumn}' and none whose name begins with '{EvaluatedMethod.MapColumn}.'. Set {nameof(MethodEvaluationOptions.Methods)}. The data has: {string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => column.Name))}."
            );
    }

    private static DataViewSchema.Column FindImageId(DataViewSchema schema, MethodEvaluationOptions options)
    {
        DataViewType type =
            schema.GetColumnOrNull(options.ImageIdColumnName)?.Type == TextDataViewType.Instance
                ? TextDataViewType.Instance
                : NumberDataViewType.Int32;
        return new InputColumn(Name, nameof(options.ImageIdColumnName), options.ImageIdColumnName, type).Find(schema);
    }

    private (DataViewSchema.Column[] Maps, IReadOnlyList<string> Queries, MapGrid Grid) FindMaps(
        DataViewSchema schema,
        MethodEvaluationOptions options
    )
    {
        var columns = new DataViewSchema.Column[Methods.Count];
        (IReadOnlyList<string>? queries, MapGrid grid) = (null, default);
        for (int method = 0; method < columns.Length; method++)
        {
            InputColumn input = Vector(nameof(options.Methods), Methods[method].MapColumnName, ["queries", "gridHeight", "gridWidth"]);
            columns[method] = input.Find(schema);
            int[] dimensions = input.DimensionsOf(columns[method]);
            IReadOnlyList<string> names =
                ColumnAnnotations.QueryNames(input, columns[method], dimensions[0], options.QueryNames)
                ?? throw SchemaMismatch.Because(
                    $"{Name}: column '{input.Name}' carries no query names, which say what key points count. Set {nameof(options.QueryNames)}."
                );
            if (queries is null)
            {
                (queries, grid) = (names, new MapGrid(dimensions[1], dimensions[2]));
            }

            input.RequireDimension(1, dimensions[1], grid.Height, $"column '{columns[0].Name}'");
            input.RequireDimension(2, dimensions[2], grid.Width, $"column '{columns[0].Name}'");
            if (!queries.SequenceEqual(names, StringComparer.Ordinal))
            {
                throw SchemaMismatch.Because(
                    $"{Name}: column '{input.Name}' has the queries {string.Join(", ", names)}, column '{columns[0].Name}' {string.Join(", ", queries)}. Methods are compared on the same queries in the same order."
                );
            }
        }

        return (columns, queries!, grid);
    }

    private static InputColumn Vector(string option, string name, string[] dimensions) =>
        new(Name, option, name, NumberDataViewType.Single, dimensions);
}
