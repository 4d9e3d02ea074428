using System.Numerics;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Seeds;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Draws the bird of a seed. A renderer keeps its surfaces, so every thread needs its own.
/// </summary>
internal sealed class SampleBirdRenderer : IDisposable
{
    /// <summary>The stream of a seed's random numbers that chooses the image size of a dataset, apart from those of the drawing.</summary>
    public const ulong SizeStream = 100;

    private static readonly SampleBirdOptions Default = new();

    private readonly Brush _brush = new();
    private readonly Scenery _scenery;
    private readonly RegionMeter _meter = new();
    private PixelSurface? _image;
    private PixelSurface? _labels;
    private byte[] _regions = [];

    public SampleBirdRenderer()
    {
        _scenery = new Scenery(_brush);
    }

    private enum Stream : ulong
    {
        Color = 1,
        Form,
        Pose,
        Place,
        Scene,
        Occlusion,
        Tint,
    }

    public SampleBird Render(ulong seed, SampleBirdOptions? options = null)
    {
        options ??= Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Width, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Height, 32);
        int width = options.Width;
        int height = options.Height;
        float difficulty = Math.Clamp(options.Difficulty, 0, 1);

        BirdColor[] colors = ChooseColors(seed, options);
        BirdShape shape = options.Species?.Shape ?? BirdShape.Sample(new SampleRandom(seed, (ulong)Stream.Form));
        var figure = new BirdFigure(shape, new SampleRandom(seed, (ulong)Stream.Pose), difficulty);
        (Matrix3x2 place, float scale, bool facingLeft, int margin) = Place(figure, seed, width, height, difficulty);

        PixelSurface image = Renew(ref _image, width, height);
        PixelSurface labelMap = Renew(ref _labels, width + (2 * margin), height + (2 * margin));
        SKCanvas canvas = image.Canvas;
        SKCanvas labels = labelMap.Canvas;
        labels.Clear(SKColors.Black);
        float line = Math.Max(0.8f, scale * 1.25f);
        var scene = new SampleRandom(seed, (ulong)Stream.Scene);
        Scenery.PaintGround(image, scene, difficulty);
        _scenery.PaintFoliage(canvas, width, height, scene, difficulty);
        _scenery.PaintDistractors(canvas, width, height, scene, difficulty);
        _scenery.PaintPerch(canvas, place, figure.FeetY, scene, line);

        PaintBird(canvas, figure, place, colors, line, new SampleRandom(seed, (ulong)Stream.Tint));
        PaintLabels(labels, figure, place * Matrix3x2.CreateTranslation(margin, margin));

        ReadRegions(labelMap, width + (2 * margin), height + (2 * margin), 0);
        _meter.Measure(_regions, width + (2 * margin), height + (2 * margin));
        int[] full = [.. _meter.Counts];
        Occlude(canvas, labels, seed, difficulty, margin, line);

        ReadRegions(labelMap, width, height, margin);
        _meter.Measure(_regions, width, height);
        return Describe(image.Pixels, seed, options, colors, shape, figure, facingLeft, full);
    }

    public void Dispose()
    {
        _brush.Dispose();
        _image?.Dispose();
        _labels?.Dispose();
    }

    private static BirdColor[] ChooseColors(ulong seed, SampleBirdOptions options)
    {
        if ((options.Colors ?? options.Species?.Colors) is { } chosen)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(chosen.Count, BirdAnatomy.PartCount);
            return [.. chosen];
        }

        var random = new SampleRandom(seed, (ulong)Stream.Color);
        var colors = new BirdColor[BirdAnatomy.PartCount];
        for (int part = 0; part < colors.Length; part++)
        {
            colors[part] = BirdPalette.Sample(random);
        }

        return colors;
    }

    /// <summary>Fits the bird into the image, sometimes cut by the border.</summary>
    private static (Matrix3x2 Place, float Scale, bool FacingLeft, int Margin) Place(
        BirdFigure figure,
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

    private void PaintBird(SKCanvas canvas, BirdFigure figure, in Matrix3x2 place, BirdColor[] colors, float line, SampleRandom random)
    {
        Span<SKColor> fills = stackalloc SKColor[BirdAnatomy.PartCount];
        for (int part = 0; part < fills.Length; part++)
        {
            fills[part] = BirdPalette.Vary(colors[part], random);
        }

        foreach (FigureLayer layer in figure.Layers)
        {
            if (layer.LabelOnly)
            {
                continue;
            }

            SKColor fill = fills[(int)BirdAnatomy.PartOf(layer.Region)];
            SKColor outline = BirdPalette.OutlineOf(fill);
            if (layer.Clip is not null)
            {
                _brush.PushClip(canvas, layer.Clip, place);
            }

            if (layer.IsLine)
            {
                _brush.Stroke(canvas, layer.Sketch, place, outline, line);
            }
            else
            {
                _brush.Outlined(canvas, layer.Sketch, place, fill, outline, line);
            }

            if (layer.Clip is not null)
            {
                canvas.Restore();
            }
        }

        PaintPupil(canvas, figure, place, fills[(int)BirdPart.Eye]);
    }

    private void PaintPupil(SKCanvas canvas, BirdFigure figure, in Matrix3x2 place, SKColor iris)
    {
        bool dark = iris.Red + iris.Green + iris.Blue < 200;
        _brush.Fill(canvas, new Sketch().Circle(figure.EyeCenter, 3), place, dark ? new SKColor(84, 84, 92) : new SKColor(20, 18, 22));
        _brush.Fill(canvas, new Sketch().Circle(figure.EyeCenter + new Vector2(1.6f, -1.8f), 1.3f), place, SKColors.White);
    }

    private void PaintLabels(SKCanvas labels, BirdFigure figure, in Matrix3x2 place)
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
                _brush.PushClip(labels, layer.Clip, place, smooth: false);
            }

            _brush.Fill(labels, layer.Sketch, place, new SKColor(label, 0, 0), smooth: false);
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
            int region = random.NextInt(BirdAnatomy.RegionCount);
            (int x, int y) = _meter.Points[region];

            // A disc of the region's area hides most of a compact region and part of a long one.
            float radius = MathF.Sqrt(_meter.Counts[region] / MathF.PI) * random.Range(0.9f, 1.2f);
            _scenery.PaintOccluder(canvas, labels, new Vector2(x - margin, y - margin), radius, random, line, new Vector2(margin));
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

    private SampleBird Describe(
        ReadOnlySpan<byte> source,
        ulong seed,
        SampleBirdOptions options,
        BirdColor[] colors,
        BirdShape shape,
        BirdFigure figure,
        bool facingLeft,
        int[] full
    )
    {
        int pixels = options.Width * options.Height;
        byte[] rgb = new byte[pixels * 3];
        byte[] partLabels = new byte[pixels];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            rgb[pixel * 3] = source[pixel * 4];
            rgb[(pixel * 3) + 1] = source[(pixel * 4) + 1];
            rgb[(pixel * 3) + 2] = source[(pixel * 4) + 2];
            byte region = _regions[pixel];
            partLabels[pixel] = region == 0 ? (byte)0 : (byte)(BirdAnatomy.PartOf((BirdRegion)(region - 1)) + 1);
        }

        Span<int> visiblePixels = stackalloc int[BirdAnatomy.PartCount];
        Span<int> fullPixels = stackalloc int[BirdAnatomy.PartCount];
        for (int region = 0; region < BirdAnatomy.RegionCount; region++)
        {
            int part = (int)BirdAnatomy.PartOf((BirdRegion)region);
            visiblePixels[part] += _meter.Counts[region];
            fullPixels[part] += full[region];
        }

        var parts = new SamplePart[BirdAnatomy.PartCount];
        for (int part = 0; part < parts.Length; part++)
        {
            bool visible = VisibilityRule.IsVisible(visiblePixels[part], fullPixels[part]);
            parts[part] = new SamplePart((BirdPart)part, colors[part], visiblePixels[part], fullPixels[part], visible);
        }

        var keyPoints = new SampleKeyPoint[BirdAnatomy.KeyPointCount];
        for (int index = 0; index < keyPoints.Length; index++)
        {
            if (
                BirdAnatomy.RegionOf((BirdKeyPoint)index, facingLeft) is { } region
                && VisibilityRule.IsVisible(_meter.Counts[(int)region], full[(int)region])
            )
            {
                (int x, int y) = _meter.Points[(int)region];
                keyPoints[index] = new SampleKeyPoint(x, y, true);
            }
        }

        return new SampleBird
        {
            Seed = seed,
            Width = options.Width,
            Height = options.Height,
            Rgb = rgb,
            PartLabels = partLabels,
            Parts = parts,
            KeyPoints = keyPoints,
            BoundingBox = _meter.Box,
            FacingLeft = facingLeft,
            WingRaised = figure.WingRaised,
            Shape = shape,
            SpeciesIndex = options.Colors is null ? options.Species?.Index ?? -1 : -1,
        };
    }
}
