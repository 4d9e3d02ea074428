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
        MapColumns maps = new(schema, Name, options.Methods, nameof(options.Methods), options.QueryNames, nameof(options.QueryNames));
        (Methods, Maps, Queries, Grid) = (maps.Methods, maps.Columns, maps.Queries, maps.Grid);
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

        Mask = TextIfPresent(schema, options.PartMaskPathColumnName);
        ObjectMask = TextIfPresent(schema, options.ObjectMaskPathColumnName);
        ImagePath = TextIfPresent(schema, options.ImagePathColumnName);
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

    public DataViewSchema.Column? ObjectMask { get; }

    public DataViewSchema.Column? ImagePath { get; }

    /// <summary>The images themselves, where they are looked at.</summary>
    public DataViewSchema.Column? Pixels { get; }

    /// <summary>Measures maps by what answers rest on, where that is asked for.</summary>
    public FaithfulnessMeasurement? Faithfulness { get; }

    /// <summary>The methods' maps, in the methods' order.</summary>
    public DataViewSchema.Column[] Maps { get; }

    public IEnumerable<DataViewSchema.Column> Columns =>
        new[] { Image, KeyPoints, Visible, Geometry }
            .Concat(Maps)
            .Concat(new[] { Box, Mask, ObjectMask, ImagePath, Pixels }.OfType<DataViewSchema.Column>())
            .DistinctBy(column => column.Index);

    private static DataViewSchema.Column? TextIfPresent(DataViewSchema schema, string? name) =>
        name is not null && schema.GetColumnOrNull(name) is { Type: TextDataViewType } column ? column : null;

    private static DataViewSchema.Column FindImageId(DataViewSchema schema, MethodEvaluationOptions options)
    {
        DataViewType type =
            schema.GetColumnOrNull(options.ImageIdColumnName)?.Type == TextDataViewType.Instance
                ? TextDataViewType.Instance
                : NumberDataViewType.Int32;
        return new InputColumn(Name, nameof(options.ImageIdColumnName), options.ImageIdColumnName, type).Find(schema);
    }

    private static InputColumn Vector(string option, string name, string[] dimensions) =>
        new(Name, option, name, NumberDataViewType.Single, dimensions);
}
