using System.Numerics;
using MLNetGrounding.Samples.Figures;
using MLNetGrounding.Samples.Seeds;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Draws figures of one kind into scenes and measures what is visible of them. A renderer keeps its surfaces, so every thread needs its own.
/// </summary>
internal abstract class FigureRenderer<TFigure> : IDisposable
    where TFigure : IFigure
{
    private readonly FigureAnatomy _anatomy;
    private readonly RegionMeter _meter;
    private PixelSurface? _image;
    private PixelSurface? _labels;
    private byte[] _regions = [];

    protected FigureRenderer(FigureAnatomy anatomy)
    {
        _anatomy = anatomy;
        _meter = new RegionMeter(anatomy.RegionCount);
        Brush = new Brush();
        Scenery = new Scenery(Brush);
    }

    /// <summary>The independent streams of random numbers of a seed.</summary>
    protected enum Stream : ulong
    {
        Color = 1,
        Form,
        Pose,
        Place,
        Scene,
        Occlusion,
        Tint,
    }

    protected Brush Brush { get; }

    protected Scenery Scenery { get; }

    public void Dispose()
    {
        Brush.Dispose();
        _image?.Dispose();
        _labels?.Dispose();
    }

    /// <summary>Paints what the figure stands on.</summary>
    protected abstract void PaintUnder(SKCanvas canvas, TFigure figure, in Matrix3x2 place, SampleRandom random, float line);

    /// <summary>Paints what lies over the layers and belongs to no region of its own, such as a pupil.</summary>
    protected abstract void PaintDetails(SKCanvas canvas, TFigure figure, in Matrix3x2 place, ReadOnlySpan<SKColor> fills, float line);

    /// <summary>A color for every part, independent of all else that a seed decides.</summary>
    protected PartColor[] ChooseColors(ulong seed, IReadOnlyList<PartColor>? chosen)
    {
        if (chosen is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(chosen.Count, _anatomy.PartCount);
            return [.. chosen];
        }

        var random = new SampleRandom(seed, (ulong)Stream.Color);
        var colors = new PartColor[_anatomy.PartCount];
        for (int part = 0; part < colors.Length; part++)
        {
            colors[part] = PartPalette.Sample(random);
        }

        return colors;
    }

    protected DrawnFigure Draw(ulong seed, int width, int height, float difficulty, TFigure figure, PartColor[] colors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 32);
        (Matrix3x2 place, float scale, bool facingLeft, int margin) = Place(figure, seed, width, height, difficulty);

        PixelSurface image = Renew(ref _image, width, height);
        PixelSurface labelMap = Renew(ref _labels, width + (2 * margin), height + (2 * margin));
        SKCanvas canvas = image.Canvas;
        SKCanvas labels = labelMap.Canvas;
        labels.Clear(SKColors.Black);
        float line = Math.Max(0.8f, scale * 1.25f);
        var scene = new SampleRandom(seed, (ulong)Stream.Scene);
        Scenery.PaintGround(image, scene, difficulty);
        Scenery.PaintFoliage(canvas, width, height, scene, difficulty);
        Scenery.PaintDistractors(canvas, width, height, scene, difficulty);
        PaintUnder(canvas, figure, place, scene, line);

        PaintFigure(canvas, figure, place, colors, line, new SampleRandom(seed, (ulong)Stream.Tint));
        PaintLabels(labels, figure, place * Matrix3x2.CreateTranslation(margin, margin));

        ReadRegions(labelMap, width + (2 * margin), height + (2 * margin), 0);
        _meter.Measure(_regions, width + (2 * margin), height + (2 * margin));
        int[] full = [.. _meter.Counts];
        Occlude(canvas, labels, seed, difficulty, margin, line);

        ReadRegions(labelMap, width, height, margin);
        _meter.Measure(_regions, width, height);
        return Describe(image.Pixels, width * height, colors, facingLeft, full);
    }

    /// <summary>Fits the figure into the image, sometimes cut by the border.</summary>
    private static (Matrix3x2 Place, float Scale, bool FacingLeft, int Margin) Place(
        IFigure figure,
        ulong seed,
        int width,
        int height,
        float difficulty
    )
    {
        var random = new SampleRandom(seed, (ulong)Stream.Place);
        bool facingLeft = random.Chance(0.5f);
        Matrix3x2 turn = Matrix3x2.CreateRotation(figure.Roll) * Matrix3x2.CreateScale(facingLeft ? -1 : 1, 1);
        var minimum = new Vector2(float.MaxValue);
        var maximum = new Vector2(float.MinValue);
        foreach (FigureLayer layer in figure.Layers)
        {
            if (layer.Clip is null)
            {
                layer.Sketch.Extend(ref minimum, ref maximum, turn);
            }
        }

        Vector2 extent = maximum - minimum;
        float fill = random.Range(0.92f - (0.17f * difficulty), 0.97f);
        float scale = fill * Math.Min(width, height) / Math.Max(extent.X, extent.Y);
        Vector2 size = extent * scale;
        var room = new Vector2(width - size.X, height - size.Y);
        Vector2 corner = room * new Vector2(random.NextSingle(), random.NextSingle());
        if (random.Chance(0.18f * difficulty))
        {
            float cut = random.Range(0.12f, 0.32f);
            switch (random.NextInt(4))
            {
                case 0:
                    corner.X = -cut * size.X;
                    break;
                case 1:
                    corner.X = width - ((1 - cut) * size.X);
                    break;
                case 2:
                    corner.Y = -cut * size.Y;
                    break;
                default:
                    corner.Y = height - ((1 - cut) * size.Y);
                    break;
            }
        }

        float overflow = Math.Max(Math.Max(-corner.X, -corner.Y), Math.Max(corner.X + size.X - width, corner.Y + size.Y - height));
        int margin = overflow > 0 ? (int)overflow + 3 : 1;
        Matrix3x2 place = turn * Matrix3x2.CreateTranslation(-minimum) * Matrix3x2.CreateScale(scale) * Matrix3x2.CreateTranslation(corner);
        return (place, scale, facingLeft, margin);
    }

    private static PixelSurface Renew(ref PixelSurface? surface, int width, int height)
    {
        if (surface is null || surface.Width != width || surface.Height != height)
        {
            surface?.Dispose();
            surface = new PixelSurface(width, height);
        }

        return surface;
    }

    private void PaintFigure(SKCanvas canvas, TFigure figure, in Matrix3x2 place, PartColor[] colors, float line, SampleRandom random)
    {
        Span<SKColor> fills = stackalloc SKColor[_anatomy.PartCount];
        for (int part = 0; part < fills.Length; part++)
        {
            fills[part] = PartPalette.Vary(colors[part], random);
        }

        foreach (FigureLayer layer in figure.Layers)
        {
            if (layer.LabelOnly)
            {
                continue;
            }

            SKColor fill = fills[_anatomy.PartOfRegion[layer.Region]];
            SKColor outline = PartPalette.OutlineOf(fill);
            if (layer.Clip is not null)
            {
                Brush.PushClip(canvas, layer.Clip, place);
            }

            if (layer.IsLine)
            {
                Brush.Stroke(canvas, layer.Sketch, place, outline, line);
            }
            else
            {
                Brush.Outlined(canvas, layer.Sketch, place, fill, outline, line);
            }

            if (layer.Clip is not null)
            {
                canvas.Restore();
            }
        }

        PaintDetails(canvas, figure, place, fills, line);
    }

    private void PaintLabels(SKCanvas labels, TFigure figure, in Matrix3x2 place)
    {
        foreach (FigureLayer layer in figure.Layers)
        {
            if (layer.IsLine)
            {
                continue;
            }

            byte label = (byte)(layer.Region + 1);
            if (layer.Clip is not null)
            {
                Brush.PushClip(labels, layer.Clip, place, smooth: false);
            }

            Brush.Fill(labels, layer.Sketch, place, new SKColor(label, 0, 0), smooth: false);
            if (layer.Clip is not null)
            {
                labels.Restore();
            }
        }
    }

    private void Occlude(SKCanvas canvas, SKCanvas labels, ulong seed, float difficulty, int margin, float line)
    {
        var random = new SampleRandom(seed, (ulong)Stream.Occlusion);
        if (!random.Chance(0.3f * difficulty))
        {
            return;
        }

        int count = random.Chance(0.3f) ? 2 : 1;
        for (int index = 0; index < count; index++)
        {
            int region = random.NextInt(_anatomy.RegionCount);
            (int x, int y) = _meter.Points[region];

            // A disc of the region's area hides most of a compact region and part of a long one.
            float radius = MathF.Sqrt(_meter.Counts[region] / MathF.PI) * random.Range(0.9f, 1.2f);
            Scenery.PaintOccluder(canvas, labels, new Vector2(x - margin, y - margin), radius, random, line, new Vector2(margin));
        }
    }

    private void ReadRegions(PixelSurface labels, int width, int height, int offset)
    {
        if (_regions.Length < width * height)
        {
            _regions = new byte[width * height];
        }

        ReadOnlySpan<byte> source = labels.Pixels;
        int stride = labels.Width * 4;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = source.Slice(((y + offset) * stride) + (offset * 4), width * 4);
            Span<byte> target = _regions.AsSpan(y * width, width);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = row[x * 4];
            }
        }
    }

    private DrawnFigure Describe(ReadOnlySpan<byte> source, int pixels, PartColor[] colors, bool facingLeft, int[] full)
    {
        byte[] rgb = new byte[pixels * 3];
        byte[] partLabels = new byte[pixels];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            rgb[pixel * 3] = source[pixel * 4];
            rgb[(pixel * 3) + 1] = source[(pixel * 4) + 1];
            rgb[(pixel * 3) + 2] = source[(pixel * 4) + 2];
            byte region = _regions[pixel];
            partLabels[pixel] = region == 0 ? (byte)0 : (byte)(_anatomy.PartOfRegion[region - 1] + 1);
        }

        Span<int> visiblePixels = stackalloc int[_anatomy.PartCount];
        Span<int> fullPixels = stackalloc int[_anatomy.PartCount];
        var regions = new DrawnRegion[_anatomy.RegionCount];
        for (int region = 0; region < regions.Length; region++)
        {
            int part = _anatomy.PartOfRegion[region];
            visiblePixels[part] += _meter.Counts[region];
            fullPixels[part] += full[region];
            (int x, int y) = _meter.Points[region];
            bool visible = VisibilityRule.IsVisible(_meter.Counts[region], full[region]);
            regions[region] = new DrawnRegion(visible ? new SampleKeyPoint(x, y, true) : default, _meter.Boxes[region]);
        }

        var parts = new SamplePart[_anatomy.PartCount];
        for (int part = 0; part < parts.Length; part++)
        {
            bool visible = VisibilityRule.IsVisible(visiblePixels[part], fullPixels[part]);
            parts[part] = new SamplePart(part, _anatomy.PartNames[part], colors[part], visiblePixels[part], fullPixels[part], visible);
        }

        return new DrawnFigure(rgb, partLabels, parts, regions, _meter.Box, facingLeft);
    }
}
