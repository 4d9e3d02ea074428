using MLNetGrounding.Maths.Geometry;
using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>What is annotated of one image, laid over the grid once for all the maps that are scored on it.</summary>
internal sealed class AnnotatedImage
{
    private readonly VisibleKeyPoint[][] _points;
    private readonly float[] _frameFractions;
    private readonly float[] _boxFractions;

    /// <param name="geometry">Maps pixels to cells, which are those of the maps.</param>
    /// <param name="keyPoints">Pairs of x and y in pixels of the original image, <c>[points, 2]</c>.</param>
    /// <param name="visible">0 for a key point that is not visible, <c>[points]</c>.</param>
    /// <param name="keyPointIndices">For each query the key points that it may hit.</param>
    /// <param name="boundingBox">x, y, width and height of the object in pixels, <c>[4]</c>, or nothing where it is not known.</param>
    /// <param name="parts">The parts' masks, one part for each query, or null where there are none.</param>
    /// <param name="objectPixels">The whole object's mask, or null where there is none.</param>
    /// <exception cref="ArgumentException">A visible key point's coordinate, or a visibility, is NaN.</exception>
    public AnnotatedImage(
        in ImageGeometry geometry,
        ReadOnlySpan<float> keyPoints,
        ReadOnlySpan<float> visible,
        IReadOnlyList<int[]> keyPointIndices,
        ReadOnlySpan<float> boundingBox,
        PartPixels? parts,
        ObjectPixels? objectPixels = null
    )
    {
        (Geometry, Parts, ObjectMask) = (geometry, parts, objectPixels);
        View = geometry.View();
        _frameFractions = new float[geometry.Grid.Cells];
        geometry.FrameFractions(_frameFractions);
        _boxFractions = boundingBox.IsEmpty ? [] : new float[geometry.Grid.Cells];
        if (!boundingBox.IsEmpty)
        {
            Numbers.ThrowIfLengthIsNot(4, boundingBox.Length, "[4]", nameof(boundingBox));
            (float left, float top) = (boundingBox[0], boundingBox[1]);
            PixelRectangle box = new(left, top, (double)left + boundingBox[2], (double)top + boundingBox[3]);
            (WholeBox, Box) = (box, box.Intersect(View));
            geometry.Cover(box.Intersect(View), _boxFractions);
        }
        _points = new VisibleKeyPoint[keyPointIndices.Count][];
        for (int query = 0; query < _points.Length; query++)
        {
            Span<VisibleKeyPoint> found = new VisibleKeyPoint[keyPointIndices[query].Length];
            _points[query] = found[..VisibleKeyPoint.Find(geometry, keyPoints, visible, keyPointIndices[query], found)].ToArray();
        }
    }

    public ImageGeometry Geometry { get; }

    public MapGrid Grid => Geometry.Grid;

    /// <summary>The part of the image that the grid shows: the frame that areas are shares of.</summary>
    public PixelRectangle View { get; }

    /// <summary>The bounding box as annotated, or null where it is not known.</summary>
    public PixelRectangle? WholeBox { get; }

    /// <summary>The bounding box as far as it is in view, or null where it is not known.</summary>
    public PixelRectangle? Box { get; }

    public PartPixels? Parts { get; }

    /// <summary>The whole object's mask, or null where it is not known.</summary>
    public ObjectPixels? ObjectMask { get; }

    /// <summary>Share of each cell inside the frame, <c>[gridHeight, gridWidth]</c>.</summary>
    public ReadOnlySpan<float> FrameFractions => _frameFractions;

    /// <summary>Share of each cell inside the bounding box, <c>[gridHeight, gridWidth]</c>; empty where there is no box.</summary>
    public ReadOnlySpan<float> BoxFractions => _boxFractions;

    public int Queries => _points.Length;

    /// <summary>The visible key points of a query; none: the query is not scored.</summary>
    public ReadOnlySpan<VisibleKeyPoint> Points(int query) => _points[query];
}
