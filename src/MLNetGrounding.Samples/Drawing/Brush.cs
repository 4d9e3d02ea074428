using System.Numerics;
using SkiaSharp;

namespace MLNetGrounding.Samples.Drawing;

/// <summary>
/// Draws sketches on a canvas with paints and paths that are kept between drawings.
/// </summary>
internal sealed class Brush : IDisposable
{
    private readonly SKPaint _fill = new() { Style = SKPaintStyle.Fill };
    private readonly SKPaint _stroke = new()
    {
        Style = SKPaintStyle.Stroke,
        StrokeJoin = SKStrokeJoin.Round,
        StrokeCap = SKStrokeCap.Round,
    };
    private readonly SKPath _path = new();
    private readonly SKPath _clip = new();

    public void Fill(SKCanvas canvas, Sketch sketch, in Matrix3x2 place, SKColor color, bool smooth = true)
    {
        sketch.WriteTo(_path, place);
        _fill.Color = color;
        _fill.IsAntialias = smooth;
        canvas.DrawPath(_path, _fill);
    }

    public void Stroke(SKCanvas canvas, Sketch sketch, in Matrix3x2 place, SKColor color, float width, bool smooth = true)
    {
        sketch.WriteTo(_path, place);
        _stroke.Color = color;
        _stroke.StrokeWidth = width;
        _stroke.IsAntialias = smooth;
        canvas.DrawPath(_path, _stroke);
    }

    /// <summary>Draws the outline first and the fill over it, so that the outline lies outside the fill.</summary>
    public void Outlined(SKCanvas canvas, Sketch sketch, in Matrix3x2 place, SKColor fill, SKColor outline, float width)
    {
        Stroke(canvas, sketch, place, outline, width * 2);
        _fill.Color = fill;
        _fill.IsAntialias = true;
        canvas.DrawPath(_path, _fill);
    }

    public void PushClip(SKCanvas canvas, Sketch clip, in Matrix3x2 place, bool smooth = true)
    {
        clip.WriteTo(_clip, place);
        canvas.Save();
        canvas.ClipPath(_clip, SKClipOperation.Intersect, smooth);
    }

    public void Dispose()
    {
        _fill.Dispose();
        _stroke.Dispose();
        _path.Dispose();
        _clip.Dispose();
    }
}
