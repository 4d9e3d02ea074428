using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding;

/// <summary>
/// One image and what was found in it: what figures and reports are made of. <see cref="GroundingCatalog.ReadImages"/> reads them from any
/// pipeline's result; made by hand, it takes maps that came from elsewhere.
/// </summary>
public sealed class GroundedImage : IDisposable
{
    /// <summary>The original image, which is disposed with this.</summary>
    public required MLImage Image { get; init; }

    /// <summary>Where its pixels lie on the grid, whose cells are those of all its maps.</summary>
    public required ImageGeometry Geometry { get; init; }

    /// <summary>The names of the queries, in the order of every map's first dimension.</summary>
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>The final maps, method by method; figures show the first.</summary>
    public required IReadOnlyList<GroundedMaps> Methods { get; init; }

    /// <summary>What the image is called, its file name for example. Default: nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it shows, in words: its class, for example. Default: nothing.</summary>
    public string Label { get; init; } = "";

    /// <summary>x, y, width and height of the object in pixels. Default: empty, not annotated.</summary>
    public ReadOnlyMemory<float> BoundingBox { get; init; }

    /// <summary>x and y of each key point in pixels, <c>[points, 2]</c>. Default: empty, not annotated.</summary>
    public ReadOnlyMemory<float> KeyPoints { get; init; }

    /// <summary>1 for each visible key point, else 0, <c>[points]</c>. Default: empty, not annotated.</summary>
    public ReadOnlyMemory<float> KeyPointVisible { get; init; }

    /// <summary>What the key points are, and which of them count for which query. Default: nothing is known about them.</summary>
    public KeyPointDescription KeyPointDescription { get; init; } = new();

    /// <summary>The coarse word's mask, <c>[gridHeight, gridWidth]</c>. Default: empty, not known.</summary>
    public ReadOnlyMemory<float> CoarseMask { get; init; }

    /// <summary>Attention by layer and head. Default <see langword="null"/>: not known.</summary>
    public GroundedLayers? Layers { get; init; }

    /// <summary>Questions about the image with what the model answered. Default: none.</summary>
    public IReadOnlyList<GroundedAnswer> Answers { get; init; } = [];

    /// <summary>
    /// Whether nothing was found, because the row could not be computed: all its maps are NaN, and there are no answers. Single maps may be NaN in other rows too.
    /// </summary>
    public bool Failed =>
        Answers.Count == 0
        && Enumerable
            .Range(0, Methods.Count)
            .All(method => Enumerable.Range(0, Queries.Count).All(query => !RowValues.AreFinite(MapOf(method, query))));

    /// <summary>The cells of the maps.</summary>
    /// <exception cref="ArgumentException">A method's maps, or the mask, have other cells than the geometry.</exception>
    internal MapGrid Grid
    {
        get
        {
            MapGrid grid = Geometry.Grid;
            foreach (GroundedMaps method in Methods)
            {
                if (method.Maps.Length != Queries.Count * grid.Cells)
                {
                    throw new ArgumentException(
                        $"'{Name}': the maps of '{method.Method}' hold {method.Maps.Length} values, which are not {Queries.Count} maps of the geometry's {grid} cells. Give [queries, gridHeight, gridWidth]."
                    );
                }
            }

            foreach (GroundedWord word in Answers.SelectMany(answer => answer.QuestionWords.Concat(answer.Words)))
            {
                if (word.Map.Length != grid.Cells)
                {
                    throw new ArgumentException(
                        $"'{Name}': the map of the word '{word.Text}' holds {word.Map.Length} values, not the geometry's {grid} cells."
                    );
                }
            }

            return CoarseMask.IsEmpty || CoarseMask.Length == grid.Cells
                ? grid
                : throw new ArgumentException(
                    $"'{Name}': {nameof(CoarseMask)} holds {CoarseMask.Length} values, not the geometry's {grid} cells."
                );
        }
    }

    /// <summary>Releases the image.</summary>
    public void Dispose() => Image.Dispose();

    /// <summary>The position of a query's name.</summary>
    /// <exception cref="ArgumentException">There is no such query.</exception>
    internal int IndexOf(string query)
    {
        for (int index = 0; index < Queries.Count; index++)
        {
            if (Queries[index] == query)
            {
                return index;
            }
        }

        throw new ArgumentException($"'{Name}' was not asked about '{query}', only about: {string.Join(", ", Queries)}.", nameof(query));
    }

    internal ReadOnlySpan<float> MapOf(int method, int query) => Slice(Methods[method].Maps.Span, Queries.Count, query);

    /// <summary>The part of a block that one of <paramref name="count"/> equal parts covers.</summary>
    internal static ReadOnlySpan<float> Slice(ReadOnlySpan<float> block, int count, int index) =>
        block.Slice(block.Length / count * index, block.Length / count);
}
