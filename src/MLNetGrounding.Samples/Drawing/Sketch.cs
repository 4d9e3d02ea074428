using System.Numerics;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Collects a path in the bird's or an object's own coordinates and places it in the image.
/// </summary>
internal sealed class Sketch
{
    // Rounding hides the last bits in which platforms' trigonometry differs, so that a seed draws the same pixels.
    private const float Steps = 16;

    private const float CircleHandle = 0.5522848f;

    private readonly List<Verb> _verbs = [];
    private readonly List<Vector2> _points = [];

    private enum Verb
    {
        Move,
        Line,
        Cubic,
        Close,
    }

    public Sketch Move(Vector2 to)
    {
        _verbs.Add(Verb.Move);
        _points.Add(to);
        return this;
    }

    public Sketch Line(Vector2 to)
    {
        _verbs.Add(Verb.Line);
        _points.Add(to);
        return this;
    }

    public Sketch Cubic(Vector2 control1, Vector2 control2, Vector2 to)
    {
        _verbs.Add(Verb.Cubic);
        _points.Add(control1);
        _points.Add(control2);
        _points.Add(to);
        return this;
    }

    public Sketch Close()
    {
        _verbs.Add(Verb.Close);
        return this;
    }

    public Sketch Polygon(params ReadOnlySpan<Vector2> corners)
    {
        Move(corners[0]);
        foreach (Vector2 corner in corners[1..])
        {
            Line(corner);
        }

        return Close();
    }

    public Sketch Ellipse(Vector2 center, float radiusX, float radiusY, float angle = 0)
    {
        (float sine, float cosine) = MathF.SinCos(angle);
        var x = new Vector2(cosine * radiusX, sine * radiusX);
        var y = new Vector2(-sine * radiusY, cosine * radiusY);
        return Move(center + x)
            .Cubic(center + x + (y * CircleHandle), center + y + (x * CircleHandle), center + y)
            .Cubic(center + y - (x * CircleHandle), center - x + (y * CircleHandle), center - x)
            .Cubic(center - x - (y * CircleHandle), center - y - (x * CircleHandle), center - y)
            .Cubic(center - y + (x * CircleHandle), center + x - (y * CircleHandle), center + x)
            .Close();
    }

    public Sketch Circle(Vector2 center, float radius) => Ellipse(center, radius, radius);

    /// <summary>Draws a thick line with round ends; it winds like <see cref="Circle"/>, so overlaps stay filled.</summary>
    public Sketch Limb(Vector2 from, Vector2 to, float fromWidth, float toWidth)
    {
        var along = Vector2.Normalize(to - from);
        var across = new Vector2(-along.Y, along.X);
        return Polygon(
                from - (across * fromWidth / 2),
                to - (across * toWidth / 2),
                to + (across * toWidth / 2),
                from + (across * fromWidth / 2)
            )
            .Circle(from, fromWidth / 2)
            .Circle(to, toWidth / 2);
    }

    /// <summary>Moves the points gathered so far.</summary>
    public Sketch Transform(in Matrix3x2 matrix)
    {
        for (int index = 0; index < _points.Count; index++)
        {
            _points[index] = Vector2.Transform(_points[index], matrix);
        }

        return this;
    }

    /// <summary>Extends a box by the path's points and handles, placed by a matrix.</summary>
    public void Extend(ref Vector2 minimum, ref Vector2 maximum, in Matrix3x2 matrix)
    {
        foreach (Vector2 point in _points)
        {
            var placed = Vector2.Transform(point, matrix);
            minimum = Vector2.Min(minimum, placed);
            maximum = Vector2.Max(maximum, placed);
        }
    }

    public void WriteTo(SKPath path, in Matrix3x2 matrix)
    {
        path.Rewind();
        path.FillType = SKPathFillType.Winding;
        int next = 0;
        foreach (Verb verb in _verbs)
        {
            switch (verb)
            {
                case Verb.Move:
                    path.MoveTo(Place(_points[next++], matrix));
                    break;
                case Verb.Line:
                    path.LineTo(Place(_points[next++], matrix));
                    break;
                case Verb.Cubic:
                    path.CubicTo(Place(_points[next], matrix), Place(_points[next + 1], matrix), Place(_points[next + 2], matrix));
                    next += 3;
                    break;
                default:
                    path.Close();
                    break;
            }
        }
    }

    private static SKPoint Place(Vector2 point, in Matrix3x2 matrix)
    {
        var placed = Vector2.Transform(point, matrix);
        return new SKPoint(MathF.Round(placed.X * Steps) / Steps, MathF.Round(placed.Y * Steps) / Steps);
    }
}
