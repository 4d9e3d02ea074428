using MLNetGrounding.Maths.Numerics;

namespace MLNetGrounding.Maths.Scoring;

/// <summary>Which pixels of an image are the whole object, laid over the grid.</summary>
internal sealed class ObjectPixels
{
    private readonly bool[] _inside;
    private readonly float[] _fractions;
    private readonly ImageGeometry _geometry;

    /// <param name="inside">Whether each pixel of the original image is the object's, row by row.</param>
    /// <param name="geometry">Maps pixels to cells; its image size is that of <paramref name="inside"/>.</param>
    public ObjectPixels(bool[] inside, in ImageGeometry geometry)
    {
        (int width, int height) = (geometry.ImageWidth, geometry.ImageHeight);
        Numbers.ThrowIfLengthIsNot(width * height, inside.Length, $"the pixels of an image of {width} x {height}", nameof(inside));
        (_inside, _geometry) = (inside, geometry);
        _fractions = new float[geometry.Grid.Cells];
        byte[] labels = Array.ConvertAll(inside, each => (byte)(each ? 1 : 0));
        var pixels = PartPixels.Count(labels, geometry, [1]);
        geometry.FrameFractions(_fractions);
        for (int cell = 0; cell < _fractions.Length; cell++)
        {
            (int all, int ofObject) = pixels.CountsOf(0, cell);
            Area += ofObject;
            Frame += all;
            _fractions[cell] *= all > 0 ? (float)ofObject / all : 0;
        }
    }

    /// <summary>Share of each cell that the object covers, <c>[gridHeight, gridWidth]</c>; padding is no part of it.</summary>
    public ReadOnlySpan<float> Fractions => _fractions;

    /// <summary>The object's share of what is in view, from 0 to 1.</summary>
    public double Share => Frame > 0 ? (double)Area / Frame : 0;

    private long Area { get; }

    private long Frame { get; }

    /// <summary>Whether a point in pixels of the image lies on a pixel of the object that is in view.</summary>
    public bool Contains(double x, double y)
    {
        (int column, int row) = ((int)Math.Floor(x), (int)Math.Floor(y));
        return column >= 0
            && row >= 0
            && column < _geometry.ImageWidth
            && row < _geometry.ImageHeight
            && _inside[row * _geometry.ImageWidth + column]
            && _geometry.TryGetCell(x, y, out _, out _);
    }
}
