namespace MLNetGrounding.Maths.Scoring.Baselines;

/// <summary>Sums up positions in boxes, row by row.</summary>
internal sealed class PartPositionSums
{
    private int _count;
    private double _x;
    private double _y;
    private double _squareX;
    private double _squareY;

    /// <summary>Adds the visible key points of a row's query; a box without area tells nothing.</summary>
    /// <param name="box">x, y, width and height in pixels, <c>[4]</c>.</param>
    /// <param name="keyPoints">Pairs of x and y in pixels, <c>[points, 2]</c>.</param>
    /// <param name="visible">0 for a key point that is not visible, <c>[points]</c>.</param>
    /// <param name="indices">The key points of the query.</param>
    /// <exception cref="ArgumentException">A visibility is NaN or negative.</exception>
    public void Add(ReadOnlySpan<float> box, ReadOnlySpan<float> keyPoints, ReadOnlySpan<float> visible, ReadOnlySpan<int> indices)
    {
        if (!(box[2] > 0 && box[3] > 0))
        {
            return;
        }
        foreach (int index in indices)
        {
            if (VisibleKeyPoint.IsVisible(visible, index))
            {
                double x = ((double)keyPoints[2 * index] - box[0]) / box[2];
                double y = ((double)keyPoints[2 * index + 1] - box[1]) / box[3];
                (_count, _x, _y, _squareX, _squareY) = (_count + 1, _x + x, _y + y, _squareX + x * x, _squareY + y * y);
            }
        }
    }

    public PartPosition Learn(string query)
    {
        (double x, double y) = (_x / _count, _y / _count);
        return _count == 0
            ? new PartPosition(query, 0, 0.5, 0.5, 0.5, 0.5)
            : new PartPosition(query, _count, x, y, Spread(_squareX, x), Spread(_squareY, y));
    }

    private double Spread(double squares, double mean) => Math.Sqrt(Math.Max(0, squares / _count - mean * mean));
}
