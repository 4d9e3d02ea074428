using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetGrounding.Attention;
using MLNetGrounding.Data;
using MLNetGrounding.Testing;

namespace MLNetGrounding.DataViews;

/// <summary>A view of random attention, small enough to check by hand, that counts how often each of its vectors is read.</summary>
internal sealed class AttentionRows
{
    public const int Layers = 3;
    public const int Heads = 4;
    public const int Grid = 4;
    public const int Cells = Grid * Grid;
    public const int Tokens = Cells + 2;
    public const int InputSize = 56;

    public static readonly string[] Queries = ["beak", "eye"];

    private readonly ConcurrentDictionary<string, int> _reads = new();
    private readonly bool _annotated;

    public AttentionRows(int rows, int seed = 1, bool annotated = true)
    {
        _annotated = annotated;
        var random = new Random(seed);
        Rows = [.. Enumerable.Range(0, rows).Select(id => MakeRow(id, random))];
        View = MakeView(Rows);
    }

    public IReadOnlyList<AttentionRow> Rows { get; }

    public IDataView View { get; }

    public int Reads(string column) => _reads.GetValueOrDefault(column);

    /// <summary>The tokens are the cells, row by row.</summary>
    public static VisualLayout Layout { get; } = VisualLayout.RowByRow(new MapGrid(Grid, Grid));

    /// <summary>The same view with other annotations on the flow column.</summary>
    public IDataView WithFlow(Action<DataViewSchema.Annotations.Builder> annotate) => MakeView(Rows, annotate);

    /// <summary>The same view as attention extraction annotates it: with the head selection that it was told.</summary>
    public IDataView ExtractedWith(HeadSelectionOptions selection) =>
        MakeView(
            Rows,
            builder => FlowAnnotation.Add(builder, new CoarseFlowOptions { HeadSelection = selection }, [Tokens - 1], Layout),
            builder => SelectionAnnotation.Add(builder, selection)
        );

    private ListView<AttentionRow> MakeView(
        IReadOnlyList<AttentionRow> rows,
        Action<DataViewSchema.Annotations.Builder>? annotateFlow = null,
        Action<DataViewSchema.Annotations.Builder>? annotateAttention = null
    ) =>
        new(
            rows,
            [
                ListColumn<AttentionRow>.Scalar("Id", NumberDataViewType.Int32, row => row.Id),
                Vector("FineAttention", [Queries.Length, Layers, Heads, Grid, Grid], row => row.FineAttention, Queries, annotateAttention),
                Vector("CoarseAttention", [Layers, Heads, Grid, Grid], row => row.CoarseAttention, annotate: annotateAttention),
                Vector("CoarseFlow", [Layers, Tokens, Tokens], row => row.CoarseFlow, annotate: annotateFlow),
                Vector("FlowRowSums", [Layers, Tokens], row => row.FlowRowSums),
                Vector("Geometry", [ImageGeometry.Length], row => row.Geometry),
                Vector("KeyPoints", [15, 2], row => row.KeyPoints, annotate: _annotated ? CubParts.Description.Annotate : null),
                Vector("KeyPointVisible", [15], row => row.KeyPointVisible),
            ]
        );

    private ListColumn<AttentionRow> Vector(
        string name,
        int[] dimensions,
        Func<AttentionRow, float[]> read,
        string[]? queries = null,
        Action<DataViewSchema.Annotations.Builder>? annotate = null
    )
    {
        var plain = ListColumn<AttentionRow>.Vector(
            name,
            dimensions,
            row =>
            {
                _reads.AddOrUpdate(name, 1, (_, count) => count + 1);
                return read(row);
            }
        );
        return plain with
        {
            Column = ColumnAnnotations.Vector(name, dimensions, [.. dimensions.Select((_, axis) => $"axis{axis}")], queries, annotate),
        };
    }

    private static AttentionRow MakeRow(int id, Random random)
    {
        ImageGeometry geometry = SquareGeometry.Create(ImageFit.Pad, 100, 60 + id, InputSize, Grid);
        float[] geometryVector = new float[ImageGeometry.Length];
        geometry.CopyTo(geometryVector);
        float[] flow = Values(random, Layers * Tokens * Tokens, 1f / Tokens);
        return new AttentionRow
        {
            Id = id,
            FineAttention = Peaked(random, Queries.Length * Layers * Heads),
            CoarseAttention = Peaked(random, Layers * Heads),
            CoarseFlow = flow,
            FlowRowSums = [.. flow.Chunk(Tokens).Select(row => row.Sum() + 0.1f)],
            Geometry = geometryVector,
            KeyPoints = [.. Enumerable.Range(0, 15).SelectMany(_ => new[] { random.NextSingle() * 100, random.NextSingle() * 60 })],
            KeyPointVisible = [.. Enumerable.Range(0, 15).Select(_ => random.Next(3) == 0 ? 0f : 1f)],
        };
    }

    private static float[] Values(Random random, int count, float scale) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * scale)];

    /// <summary>Maps of one peak each over some noise, so that some heads pass selection and some do not.</summary>
    private static float[] Peaked(Random random, int maps) =>
        [
            .. Enumerable
                .Range(0, maps)
                .SelectMany(_ =>
                {
                    float[] map = Values(random, Cells, random.Next(2) == 0 ? 0.002f : 0.06f);
                    map[random.Next(Cells)] += 0.5f;
                    return map;
                }),
        ];
}
