using System.Numerics;
using MLNetGrounding.Samples.Birds;
using MLNetGrounding.Samples.Figures;
using MLNetGrounding.Samples.Seeds;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Draws the bird of a seed. A renderer keeps its surfaces, so every thread needs its own.
/// </summary>
internal sealed class SampleBirdRenderer() : FigureRenderer<BirdFigure>(BirdAnatomy.Figure)
{
    /// <summary>The stream of a seed's random numbers that chooses the image size of a dataset, apart from those of the drawing.</summary>
    public const ulong SizeStream = 100;

    private static readonly SampleBirdOptions Default = new();

    public SampleBird Render(ulong seed, SampleBirdOptions? options = null)
    {
        options ??= Default;
        float difficulty = Math.Clamp(options.Difficulty, 0, 1);
        PartColor[] colors = ChooseColors(seed, options.Colors ?? options.Species?.Colors);
        BirdShape shape = options.Species?.Shape ?? BirdShape.Sample(new SampleRandom(seed, (ulong)Stream.Form));
        var figure = new BirdFigure(shape, new SampleRandom(seed, (ulong)Stream.Pose), difficulty);
        DrawnFigure drawn = Draw(seed, options.Width, options.Height, difficulty, figure, colors);

        var keyPoints = new SampleKeyPoint[BirdAnatomy.KeyPointCount];
        for (int index = 0; index < keyPoints.Length; index++)
        {
            if (BirdAnatomy.RegionOf((BirdKeyPoint)index, drawn.FacingLeft) is { } region)
            {
                keyPoints[index] = drawn.Regions[(int)region].Point;
            }
        }

        return new SampleBird
        {
            Seed = seed,
            Width = options.Width,
            Height = options.Height,
            Rgb = drawn.Rgb,
            PartLabels = drawn.PartLabels,
            Parts = drawn.Parts,
            KeyPoints = keyPoints,
            BoundingBox = drawn.Box,
            FacingLeft = drawn.FacingLeft,
            WingRaised = figure.WingRaised,
            Shape = shape,
            SpeciesIndex = options.Colors is null ? options.Species?.Index ?? -1 : -1,
        };
    }

    protected override void PaintUnder(SKCanvas canvas, BirdFigure figure, in Matrix3x2 place, SampleRandom random, float line) =>
        Scenery.PaintPerch(canvas, place, figure.FeetY, random, line);

    protected override void PaintDetails(SKCanvas canvas, BirdFigure figure, in Matrix3x2 place, ReadOnlySpan<SKColor> fills, float line)
    {
        SKColor iris = fills[(int)BirdPart.Eye];
        bool dark = iris.Red + iris.Green + iris.Blue < 200;
        Brush.Fill(canvas, new Sketch().Circle(figure.EyeCenter, 3), place, dark ? new SKColor(84, 84, 92) : new SKColor(20, 18, 22));
        Brush.Fill(canvas, new Sketch().Circle(figure.EyeCenter + new Vector2(1.6f, -1.8f), 1.3f), place, SKColors.White);
    }
}
