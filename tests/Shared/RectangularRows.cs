using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Data;

/// <summary>
/// Three images with made-up attention over 10 x 16 cells, whose every result is known: the map of each query is a block of 3 x 3 cells.
/// Read with its sides exchanged, a block falls apart, and another head holds a block.
/// </summary>
/// <remarks>The first image has the input's shape, the second is padded by a row of cells above and below, the third is cropped.</remarks>
internal static class RectangularRows
{
    public const int Layers = 2;
    public const int Heads = 3;
    public const int Length = 3;

    public static readonly MapGrid Grid = new(10, 16);
    public static readonly string[] Queries = ["beak", "tail"];

    /// <summary>
    /// Key point 1 lies in the middle of the beak's block; 13 is the tail's, and lies where its block is with the sides exchanged.
    /// </summary>
    public static readonly Dictionary<string, IReadOnlyList<int>> KeyPointTable = new() { ["beak"] = [1], ["tail"] = [13] };

    /// <summary>The middle of each query's block.</summary>
    public static readonly (int Row, int Column)[] Middles = [(3, 13), (7, 2)];

    // The visual tokens, and the two of the question up to its coarse word.
    private static readonly int Tokens = Grid.Cells + 2;

    public static IDataView View { get; } =
        new ListView<int>(
            [0, 1, 2],
            [
                ListColumn<int>.Scalar("ImageId", NumberDataViewType.Int32, id => id),
                ListColumn<int>.Text("ImagePath", id => $"image-{id}.png"),
                new(new("Image", new ImageDataViewType()), row => (ValueGetter<MLImage>)((ref MLImage image) => image = Image(row()))),
                ListColumn<int>.Vector(
                    "Geometry",
                    [ImageGeometry.Length],
                    id =>
                    {
                        float[] vector = new float[ImageGeometry.Length];
                        Geometry(id).CopyTo(vector);
                        return vector;
                    }
                ),
                Maps(
                    "FineAttention",
                    [Queries.Length, Layers, Heads, Grid.Height, Grid.Width],
                    [.. Queries.SelectMany((_, query) => Enumerable.Repeat(HeadsOf(query), Layers)).SelectMany(each => each)],
                    Queries
                ),
                Maps(
                    "CoarseAttention",
                    [Layers, Heads, Grid.Height, Grid.Width],
                    [.. Enumerable.Repeat(HeadsOf(0), Layers).SelectMany(each => each)]
                ),
                Maps("CoarseFlow", [Layers, Tokens, Tokens], Flow()),
                Maps(
                    "PatchFeatures",
                    [Grid.Height, Grid.Width, Length],
                    [.. Enumerable.Range(0, Grid.Cells).SelectMany(cell => (float[])[cell / Grid.Width, cell % Grid.Width, 1])]
                ),
                ListColumn<int>.Vector("KeyPoints", [15, 2], KeyPoints),
                ListColumn<int>.Vector(
                    "KeyPointVisible",
                    [15],
                    _ => [.. Enumerable.Range(0, 15).Select(point => point is 1 or 13 ? 1f : 0f)]
                ),
                ListColumn<int>.Vector("BoundingBox", [4], Box),
            ]
        );

    public static (int Width, int Height) SizeOf(int id) =>
        id switch
        {
            0 => (320, 200),
            1 => (400, 200),
            _ => (200, 300),
        };

    public static ImageGeometry Geometry(int id) =>
        ImageGeometry.Create(id == 2 ? ImageFit.Crop : ImageFit.Pad, SizeOf(id).Width, SizeOf(id).Height, 160, 100, Grid, 10, 10);

    /// <summary>The pixels of a query's block, worked out by hand: cells have 20, 25 and 12.5 pixels.</summary>
    public static (double Left, double Top, double Right, double Bottom) BlockOf(int id, int query)
    {
        (double cell, double top) = id switch
        {
            0 => (20, 0.0),
            1 => (25, -25),
            _ => (12.5, 87.5),
        };
        (int row, int column) = Middles[query];
        return ((column - 1) * cell, top + ((row - 1) * cell), (column + 2) * cell, top + ((row + 2) * cell));
    }

    /// <summary>A block's share of what is seen of the image.</summary>
    public static double AreaOf(int id) => id == 1 ? 9.0 / (8 * 16) : 9.0 / (10 * 16);

    public static MLImage Image(int id)
    {
        (int width, int height) = SizeOf(id);
        return MLImage.CreateFromPixels(
            width,
            height,
            MLPixelFormat.Bgra32,
            [.. Enumerable.Repeat((byte[])[150, 160, 140, 255], width * height).SelectMany(each => each)]
        );
    }

    /// <summary>A block around a cell, twice as strong in its middle.</summary>
    public static float[] Block(int query)
    {
        float[] map = new float[Grid.Cells];
        for (int cell = 0; cell < map.Length; cell++)
        {
            (int down, int right) = (
                Math.Abs((cell / Grid.Width) - Middles[query].Row),
                Math.Abs((cell % Grid.Width) - Middles[query].Column)
            );
            map[cell] =
                down > 1 || right > 1 ? 0
                : down + right == 0 ? 0.2f
                : 0.1f;
        }

        return map;
    }

    /// <summary>Of the heads only the first is kept: the second is a block where rows have ten cells, the third looks everywhere.</summary>
    private static float[] HeadsOf(int query)
    {
        float[] exchanged = new float[Grid.Cells];
        foreach (int cell in (int[])[41, 42, 43, 51, 52, 53, 61, 62, 63])
        {
            exchanged[cell] = 0.1f;
        }

        return [.. Block(query), .. exchanged, .. Enumerable.Range(0, Grid.Cells).Select(cell => 0.006f + (0.0001f * (cell % 7)))];
    }

    /// <summary>The coarse word looks at both blocks, and a little at every cell.</summary>
    private static float[] Flow()
    {
        float[] flow = new float[Layers * Tokens * Tokens];
        for (int layer = 0; layer < Layers; layer++)
        {
            Span<float> row = flow.AsSpan(((layer + 1) * Tokens * Tokens) - Tokens, Tokens);
            for (int cell = 0; cell < Grid.Cells; cell++)
            {
                row[cell] = Block(0)[cell] + Block(1)[cell] > 0 ? 0.05f : 0.001f;
            }
        }

        return flow;
    }

    private static float[] KeyPoints(int id)
    {
        float[] points = new float[30];
        (double left, double top, double right, double bottom) = BlockOf(id, 0);
        (points[2], points[3]) = ((float)(left + right) / 2, (float)(top + bottom) / 2);
        (left, top, right, bottom) = Geometry(id).CellToPixels(Middles[1].Column, Middles[1].Row);
        (points[26], points[27]) = ((float)(left + right) / 2, (float)(top + bottom) / 2);
        return points;
    }

    /// <summary>The pixels of the beak's block.</summary>
    private static float[] Box(int id)
    {
        (double left, double top, double right, double bottom) = BlockOf(id, 0);
        return [(float)left, (float)top, (float)(right - left), (float)(bottom - top)];
    }

    private static ListColumn<int> Maps(string name, int[] dimensions, float[] values, string[]? queries = null) =>
        ListColumn<int>.Vector(name, dimensions, _ => values) with
        {
            Column = ColumnAnnotations.Vector(name, dimensions, [.. dimensions.Select((_, axis) => $"axis{axis}")], queries),
        };
}
