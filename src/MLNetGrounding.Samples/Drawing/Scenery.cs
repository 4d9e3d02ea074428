using System.Numerics;
using MLNetGrounding.Samples.Figures;
using MLNetGrounding.Samples.Seeds;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Paints what is behind and before a figure: grounds, distractors in the colors of its parts, perches, roads and occluders.
/// </summary>
internal sealed class Scenery(Brush brush)
{
    private static readonly SKColor[] SkyTops =
    [
        new(120, 176, 226),
        new(168, 204, 232),
        new(236, 190, 150),
        new(150, 160, 190),
        new(196, 216, 220),
    ];
    private static readonly SKColor[] SkyBottoms =
    [
        new(206, 228, 240),
        new(232, 238, 236),
        new(250, 224, 190),
        new(214, 208, 218),
        new(232, 232, 216),
    ];
    private static readonly SKColor[] Grounds =
    [
        new(150, 176, 104),
        new(128, 160, 96),
        new(186, 170, 120),
        new(164, 148, 122),
        new(120, 164, 176),
        new(198, 196, 180),
    ];
    private static readonly SKColor[] Leaves =
    [
        new(96, 140, 70),
        new(120, 156, 76),
        new(78, 120, 84),
        new(150, 160, 84),
        new(170, 130, 70),
    ];
    private static readonly SKColor[] Barks = [new(112, 84, 62), new(134, 106, 82), new(96, 80, 70), new(150, 128, 106)];

    private static readonly SKColor[] Asphalts = [new(128, 128, 132), new(148, 146, 144), new(108, 110, 116), new(166, 156, 142)];

    private enum Thing
    {
        Circle,
        Square,
        Triangle,
        Bar,
        Heart,
        Star,
        Flower,
        Leaf,
        Butterfly,
        Mushroom,
        Berries,
    }

    /// <summary>
    /// Fills the image with a gradient sky and ground, written without Skia because its gradients differ between processors.
    /// </summary>
    public static void PaintGround(PixelSurface surface, SampleRandom random, float difficulty)
    {
        int width = surface.Width;
        int height = surface.Height;
        int sky = random.NextInt(SkyTops.Length);
        SKColor top = SkyTops[sky];
        SKColor bottom = SkyBottoms[random.Chance(0.7f) ? sky : random.NextInt(SkyBottoms.Length)];
        SKColor ground = random.Pick<SKColor>(Grounds);
        int horizon = (int)(height * random.Range(0.45f, 1.15f));
        float slope = random.Range(-0.12f, 0.12f);
        int cell = Math.Max(8, Math.Min(width, height) / 6);
        int columns = (width / cell) + 2;
        int rows = (height / cell) + 2;
        Span<int> lattice = new int[columns * rows];
        int amplitude = 4 + (int)(14 * difficulty);
        foreach (ref int value in lattice)
        {
            value = random.NextInt((2 * amplitude) + 1) - amplitude;
        }

        Span<byte> pixels = surface.Pixels;
        for (int y = 0; y < height; y++)
        {
            int row = y / cell * columns;
            int fractionY = y % cell;
            for (int x = 0; x < width; x++)
            {
                int at = row + (x / cell);
                int fractionX = x % cell;
                int upper = (lattice[at] * (cell - fractionX)) + (lattice[at + 1] * fractionX);
                int lower = (lattice[at + columns] * (cell - fractionX)) + (lattice[at + columns + 1] * fractionX);
                int shade = ((upper * (cell - fractionY)) + (lower * fractionY)) / (cell * cell);
                int line = horizon + (int)((x - (width / 2)) * slope);
                int index = ((y * width) + x) * 4;
                if (y < line)
                {
                    int span = Math.Max(1, line);
                    pixels[index] = Mix(top.Red, bottom.Red, y, span, shade);
                    pixels[index + 1] = Mix(top.Green, bottom.Green, y, span, shade);
                    pixels[index + 2] = Mix(top.Blue, bottom.Blue, y, span, shade);
                }
                else
                {
                    int dim = shade - ((y - line) * 24 / height);
                    pixels[index] = Clamp(ground.Red + dim);
                    pixels[index + 1] = Clamp(ground.Green + dim);
                    pixels[index + 2] = Clamp(ground.Blue + dim);
                }

                pixels[index + 3] = 255;
            }
        }
    }

    public void PaintFoliage(SKCanvas canvas, int width, int height, SampleRandom random, float difficulty)
    {
        if (!random.Chance(0.55f))
        {
            return;
        }

        SKColor color = random.Pick<SKColor>(Leaves);
        bool low = random.Chance(0.6f);
        int count = (int)(random.Range(4, 16) * (0.3f + (0.7f * difficulty)));
        float unit = Math.Min(width, height);
        for (int index = 0; index < count; index++)
        {
            float radius = unit * random.Range(0.05f, 0.14f);
            var center = new Vector2(
                width * random.NextSingle(),
                low ? height * random.Range(0.7f, 1.05f) : height * random.Range(-0.05f, 0.35f)
            );
            int shade = random.NextInt(41) - 20;
            var tint = new SKColor(Clamp(color.Red + shade), Clamp(color.Green + shade), Clamp(color.Blue + shade));
            brush.Fill(canvas, new Sketch().Ellipse(center, radius, radius * random.Range(0.6f, 1)), Matrix3x2.Identity, tint);
        }
    }

    public void PaintDistractors(SKCanvas canvas, int width, int height, SampleRandom random, float difficulty)
    {
        int count = (int)(random.Range(2, 13) * difficulty);
        float unit = Math.Min(width, height);
        for (int index = 0; index < count; index++)
        {
            var thing = (Thing)random.NextInt(11);
            SKColor first = PartPalette.Vary(PartPalette.Sample(random), random);
            SKColor second = PartPalette.Vary(PartPalette.Sample(random), random);
            Matrix3x2 place =
                Matrix3x2.CreateScale(unit * random.Range(0.035f, 0.1f))
                * Matrix3x2.CreateRotation(random.Range(-0.7f, 0.7f))
                * Matrix3x2.CreateTranslation(width * random.NextSingle(), height * random.NextSingle());
            PaintThing(canvas, thing, place, first, second, unit / 168);
        }
    }

    /// <summary>Paints a branch or a stone under the feet.</summary>
    public void PaintPerch(SKCanvas canvas, in Matrix3x2 place, float feetY, SampleRandom random, float line)
    {
        int kind = random.NextInt(4);
        SKColor bark = random.Pick<SKColor>(Barks);
        SKColor edge = PartPalette.OutlineOf(bark);
        float tilt = random.Range(-10, 10);
        if (kind == 3)
        {
            var stone = new SKColor(150, 148, 150);
            brush.Outlined(
                canvas,
                new Sketch().Move(new(-44, feetY + 26)).Cubic(new(-42, feetY - 3), new(52, feetY - 4), new(58, feetY + 26)).Close(),
                place,
                stone,
                PartPalette.OutlineOf(stone),
                line
            );
            return;
        }

        if (kind == 2)
        {
            return;
        }

        float thickness = random.Range(9, 15);
        float middle = feetY + (thickness * 0.35f);
        brush.Outlined(
            canvas,
            new Sketch()
                .Limb(new(-170, middle + tilt), new(170, middle - tilt), thickness, thickness * 0.75f)
                .Limb(new(50, middle - 2), new(80, middle - 26), 6, 3.5f),
            place,
            bark,
            edge,
            line
        );
        SKColor leaf = random.Pick<SKColor>(Leaves);
        for (int index = 0; index < 3; index++)
        {
            Matrix3x2 leafPlace =
                Matrix3x2.CreateScale(random.Range(8, 13))
                * Matrix3x2.CreateRotation(random.Range(-2.5f, -0.6f))
                * Matrix3x2.CreateTranslation(random.Range(60, 120) * (random.Chance(0.5f) ? 1 : -1), middle - 6)
                * place;
            brush.Outlined(canvas, ObjectSketches.Leaf(), leafPlace, leaf, PartPalette.OutlineOf(leaf), line);
        }
    }

    /// <summary>Paints a road and a shadow under the wheels.</summary>
    public void PaintRoad(SKCanvas canvas, in Matrix3x2 place, float groundY, SampleRandom random, float line)
    {
        SKColor asphalt = random.Pick<SKColor>(Asphalts);
        float top = groundY - random.Range(6, 14);
        float bottom = groundY + random.Range(14, 34);
        brush.Fill(canvas, new Sketch().Polygon(new(-400, top), new(400, top), new(400, bottom), new(-400, bottom)), place, asphalt);
        brush.Stroke(canvas, new Sketch().Move(new(-400, top)).Line(new(400, top)), place, PartPalette.OutlineOf(asphalt), line);
        if (random.Chance(0.6f))
        {
            var dashes = new Sketch();
            float start = random.Range(0, 40);
            for (float x = -400 + start; x < 400; x += 40)
            {
                dashes.Move(new(x, bottom - 6)).Line(new(x + 18, bottom - 6));
            }

            brush.Stroke(canvas, dashes, place, new SKColor(222, 220, 208), line * 1.5f);
        }

        brush.Fill(
            canvas,
            new Sketch().Ellipse(new(0, groundY - 1), 84, 6),
            place,
            new SKColor((byte)(asphalt.Red * 3 / 5), (byte)(asphalt.Green * 3 / 5), (byte)(asphalt.Blue * 3 / 5))
        );
    }

    /// <summary>Covers a disc with leaves and clears the labels beneath.</summary>
    public void PaintOccluder(
        SKCanvas canvas,
        SKCanvas labels,
        Vector2 center,
        float radius,
        SampleRandom random,
        float line,
        Vector2 labelOffset
    )
    {
        SKColor leaf = random.Pick<SKColor>(Leaves);
        float start = random.Range(0, 6.28f);
        int count = 5;
        for (int index = 0; index <= count; index++)
        {
            (float sine, float cosine) = MathF.SinCos(start + (index * MathF.PI * 2 / count));
            Vector2 offset = index == count ? Vector2.Zero : new Vector2(cosine, sine) * radius * 0.55f;
            Matrix3x2 place =
                Matrix3x2.CreateScale(radius * 0.95f)
                * Matrix3x2.CreateRotation(random.Range(-3.1f, 3.1f))
                * Matrix3x2.CreateTranslation(center + offset);
            int shade = random.NextInt(31) - 15;
            var tint = new SKColor(Clamp(leaf.Red + shade), Clamp(leaf.Green + shade), Clamp(leaf.Blue + shade));
            SKColor edge = PartPalette.OutlineOf(tint);
            Sketch sketch = ObjectSketches.Leaf();
            brush.Outlined(canvas, sketch, place, tint, edge, line);
            brush.Stroke(canvas, ObjectSketches.LeafVein(), place, edge, line);

            Matrix3x2 labelPlace = place * Matrix3x2.CreateTranslation(labelOffset);
            brush.Stroke(labels, sketch, labelPlace, SKColors.Black, line * 2, smooth: false);
            brush.Fill(labels, sketch, labelPlace, SKColors.Black, smooth: false);
        }
    }

    private static byte Mix(int from, int to, int step, int steps, int shade) => Clamp(from + ((to - from) * step / steps) + shade);

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    private void PaintThing(SKCanvas canvas, Thing thing, in Matrix3x2 place, SKColor first, SKColor second, float line)
    {
        SKColor edge = PartPalette.OutlineOf(first);
        switch (thing)
        {
            case Thing.Circle:
                brush.Outlined(canvas, ObjectSketches.Circle(), place, first, edge, line);
                break;
            case Thing.Square:
                brush.Outlined(canvas, ObjectSketches.Square(), place, first, edge, line);
                break;
            case Thing.Triangle:
                brush.Outlined(canvas, ObjectSketches.Triangle(), place, first, edge, line);
                break;
            case Thing.Bar:
                brush.Outlined(canvas, ObjectSketches.Bar(), place, first, edge, line);
                break;
            case Thing.Heart:
                brush.Outlined(canvas, ObjectSketches.Heart(), place, first, edge, line);
                break;
            case Thing.Star:
                brush.Outlined(canvas, ObjectSketches.Star(), place, first, edge, line);
                break;
            case Thing.Flower:
                brush.Outlined(canvas, ObjectSketches.Petals(), place, first, edge, line);
                brush.Fill(canvas, new Sketch().Circle(Vector2.Zero, 0.36f), place, second);
                break;
            case Thing.Leaf:
                brush.Outlined(canvas, ObjectSketches.Leaf(), place, first, edge, line);
                brush.Stroke(canvas, ObjectSketches.LeafVein(), place, edge, line);
                break;
            case Thing.Butterfly:
                brush.Outlined(canvas, ObjectSketches.ButterflyWings(), place, first, edge, line);
                brush.Fill(canvas, ObjectSketches.ButterflyBody(), place, second);
                break;
            case Thing.Mushroom:
                brush.Outlined(canvas, ObjectSketches.MushroomStem(), place, second, PartPalette.OutlineOf(second), line);
                brush.Outlined(canvas, ObjectSketches.MushroomCap(), place, first, edge, line);
                break;
            default:
                brush.Outlined(canvas, ObjectSketches.Berries(), place, first, edge, line);
                break;
        }
    }
}
