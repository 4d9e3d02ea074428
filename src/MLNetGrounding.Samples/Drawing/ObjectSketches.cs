using System.Numerics;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Shapes the things around a bird within a unit circle.
/// </summary>
internal static class ObjectSketches
{
    public static Sketch Circle() => new Sketch().Circle(Vector2.Zero, 0.8f);

    public static Sketch Square() => new Sketch().Polygon(new(-0.7f, -0.7f), new(0.7f, -0.7f), new(0.7f, 0.7f), new(-0.7f, 0.7f));

    public static Sketch Triangle() => new Sketch().Polygon(new(0, -1), new(0.9f, 0.7f), new(-0.9f, 0.7f));

    public static Sketch Bar() => new Sketch().Polygon(new(-1, -0.25f), new(1, -0.25f), new(1, 0.25f), new(-1, 0.25f));

    public static Sketch Heart() =>
        new Sketch()
            .Move(new(0, 0.9f))
            .Cubic(new(-1.4f, -0.1f), new(-0.8f, -1.1f), new(0, -0.4f))
            .Cubic(new(0.8f, -1.1f), new(1.4f, -0.1f), new(0, 0.9f))
            .Close();

    public static Sketch Star()
    {
        Span<Vector2> corners = stackalloc Vector2[10];
        for (int index = 0; index < corners.Length; index++)
        {
            (float sine, float cosine) = MathF.SinCos(index * MathF.PI / 5);
            corners[index] = new Vector2(sine, -cosine) * (index % 2 == 0 ? 1 : 0.45f);
        }

        return new Sketch().Polygon(corners);
    }

    public static Sketch Petals()
    {
        var sketch = new Sketch();
        for (int index = 0; index < 5; index++)
        {
            (float sine, float cosine) = MathF.SinCos(index * MathF.PI * 2 / 5);
            sketch.Circle(new Vector2(sine, -cosine) * 0.6f, 0.38f);
        }

        return sketch;
    }

    public static Sketch Leaf() =>
        new Sketch()
            .Move(new(-1, 0))
            .Cubic(new(-0.5f, -0.7f), new(0.4f, -0.6f), new(1, 0))
            .Cubic(new(0.4f, 0.6f), new(-0.5f, 0.7f), new(-1, 0))
            .Close();

    public static Sketch LeafVein() => new Sketch().Move(new(-0.95f, 0)).Line(new(0.7f, 0));

    public static Sketch ButterflyWings() =>
        new Sketch()
            .Ellipse(new(-0.5f, -0.35f), 0.5f, 0.42f, 0.6f)
            .Ellipse(new(0.5f, -0.35f), 0.5f, 0.42f, -0.6f)
            .Ellipse(new(-0.38f, 0.4f), 0.36f, 0.32f)
            .Ellipse(new(0.38f, 0.4f), 0.36f, 0.32f);

    public static Sketch ButterflyBody() => new Sketch().Ellipse(Vector2.Zero, 0.11f, 0.7f);

    public static Sketch MushroomStem() => new Sketch().Polygon(new(-0.3f, 0), new(0.3f, 0), new(0.36f, 1), new(-0.36f, 1));

    public static Sketch MushroomCap() =>
        new Sketch()
            .Move(new(-1, 0.1f))
            .Cubic(new(-0.9f, -1.1f), new(0.9f, -1.1f), new(1, 0.1f))
            .Cubic(new(0.5f, 0.3f), new(-0.5f, 0.3f), new(-1, 0.1f))
            .Close();

    public static Sketch Berries() =>
        new Sketch().Circle(new(-0.45f, 0.35f), 0.45f).Circle(new(0.45f, 0.4f), 0.45f).Circle(new(0.05f, -0.4f), 0.45f);
}
