using System.Numerics;
using MLNetGrounding.Samples.Cars;
using MLNetGrounding.Samples.Figures;
using MLNetGrounding.Samples.Seeds;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Draws the car of a seed. A renderer keeps its surfaces, so every thread needs its own.
/// </summary>
internal sealed class SampleCarRenderer() : FigureRenderer<CarFigure>(CarAnatomy.Figure)
{
    private static readonly SampleCarOptions Default = new();
    private static readonly SKColor Tire = new(44, 44, 48);
    private static readonly SKColor Hub = new(172, 174, 178);

    public DrawnCar Render(ulong seed, SampleCarOptions? options = null)
    {
        options ??= Default;
        float difficulty = Math.Clamp(options.Difficulty, 0, 1);
        PartColor[] colors = ChooseColors(seed, options.Colors);
        var shape = CarShape.Sample(new SampleRandom(seed, (ulong)Stream.Form));
        var figure = new CarFigure(shape, new SampleRandom(seed, (ulong)Stream.Pose), difficulty);
        DrawnFigure drawn = Draw(seed, options.Width, options.Height, difficulty, figure, colors);
        return new DrawnCar
        {
            Seed = seed,
            Width = options.Width,
            Height = options.Height,
            Rgb = drawn.Rgb,
            PartLabels = drawn.PartLabels,
            Parts = drawn.Parts,
            KeyPoints = [.. drawn.Regions.Select(region => region.Point)],
            RegionBoxes = [.. drawn.Regions.Select(region => region.Box)],
            BoundingBox = drawn.Box,
            FacingLeft = drawn.FacingLeft,
            Shape = shape,
        };
    }

    protected override void PaintUnder(SKCanvas canvas, CarFigure figure, in Matrix3x2 place, SampleRandom random, float line) =>
        Scenery.PaintRoad(canvas, place, CarFigure.GroundY, random, line);

    protected override void PaintDetails(SKCanvas canvas, CarFigure figure, in Matrix3x2 place, ReadOnlySpan<SKColor> fills, float line)
    {
        SKColor spoke = PartPalette.OutlineOf(fills[(int)CarPart.Wheel]);
        foreach (Vector2 center in figure.WheelCenters)
        {
            Brush.Stroke(canvas, figure.Rim(center), place, Tire, line * 1.8f);
            Brush.Stroke(canvas, figure.Spokes(center), place, spoke, line * 0.8f);
            Brush.Outlined(canvas, figure.Hub(center), place, Hub, Tire, line);
        }

        SKColor handle = PartPalette.OutlineOf(fills[(int)CarPart.Door]);
        Brush.Stroke(canvas, figure.Handles, place, handle, line * 1.6f);
    }
}
