using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using MLNetGrounding.Maths.Numerics;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Rendering;
using SkiaSharp;

namespace MLNetGrounding;

/// <summary>
/// Draws what a model looked at over the image it was shown: a map, the outline of a region, key points, a box, a legend. Each is a layer;
/// call the methods in the order in which the layers lie on each other.
/// </summary>
/// <remarks>
/// Cells are placed through the row's <see cref="ImageGeometry"/>, so they lie on the pixels that the model saw there, however the image
/// was padded or cropped. Text is drawn in a typeface of this library's own, so an overlay looks the same everywhere.
/// </remarks>
public sealed class GroundingOverlay : IDisposable
{
    // Widths and radii for an overlay whose longer edge has this many pixels.
    private const float ReferenceEdge = 480;

    private static readonly SKColor Light = new(0xFF, 0xFF, 0xFF);
    private static readonly SKColor Dark = new(0x10, 0x10, 0x14, 0xC0);
    private static readonly SKColor HitColor = new(0x2F, 0xE6, 0xC8);
    private static readonly SKColor MissColor = new(0xFF, 0x5A, 0x4E);
    private static readonly SKColor BoxColor = new(0x6F, 0xD3, 0xFF);

    private readonly ImageGeometry _geometry;
    private readonly GroundingOverlayOptions _options;
    private readonly SKBitmap _picture;
    private readonly SKCanvas _canvas;
    private readonly float _scale;
    private readonly float _unit;

    /// <summary>Starts an overlay with the image itself, its colors toned down, and what the model did not see of it darkened.</summary>
    /// <param name="image">The original image, as it was before it was fitted into the model's input.</param>
    /// <param name="geometry">Where its pixels lie in the model's input: the row's <c>Geometry</c> column.</param>
    /// <param name="options">How it looks, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The geometry belongs to an image of another size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public GroundingOverlay(MLImage image, in ImageGeometry geometry, GroundingOverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        _options = options ?? new GroundingOverlayOptions();
        _options.Validate();
        if (image.Width != geometry.ImageWidth || image.Height != geometry.ImageHeight)
        {
            throw new ArgumentException(
                $"The image has {image.Width} x {image.Height} pixels, its geometry is of one with {geometry.ImageWidth} x {geometry.ImageHeight}. Give the original image and the geometry of the same row.",
                nameof(geometry)
            );
        }

        _geometry = geometry;
        int imageEdge = Math.Max(image.Width, image.Height);
        int edge = _options.LongEdge ?? imageEdge;
        _scale = (float)edge / imageEdge;
        _unit = Math.Max(edge / ReferenceEdge, 0.5f);
        _picture = SkiaImages.NewBitmap(
            Math.Max((int)MathF.Round(image.Width * _scale), 1),
            Math.Max((int)MathF.Round(image.Height * _scale), 1)
        );
        _canvas = new SKCanvas(_picture);
        DrawImage(image);
        DarkenUnseen();
    }

    private GroundingOverlay(GroundingOverlay other)
    {
        (_geometry, _options, _scale, _unit) = (other._geometry, other._options, other._scale, other._unit);
        _picture =
            other._picture.Copy()
            ?? throw new InvalidOperationException(
                $"There is no memory for a picture of {other._picture.Width} x {other._picture.Height} pixels."
            );
        _canvas = new SKCanvas(_picture);
    }

    internal SKSizeI Size => _picture.Info.Size;

    private SKRect Frame => new(0, 0, _picture.Width, _picture.Height);

    /// <summary>Lays a map over the image: the larger a value, the lighter its color and the more it covers.</summary>
    /// <param name="map">A map of the geometry's grid in row-major order, <c>[gridHeight, gridWidth]</c>; scaled between its minimum and
    /// maximum. A constant map draws nothing.</param>
    /// <returns>This overlay.</returns>
    /// <exception cref="ArgumentException">The map has other cells than the geometry, or a value is NaN or infinite.</exception>
    public GroundingOverlay DrawMap(ReadOnlySpan<float> map)
    {
        MapGrid grid = GridOf(map.Length, nameof(map));
        (double minimum, double maximum) = Numbers.Range(map, nameof(map));
        if (minimum == maximum)
        {
            return this;
        }

        var colors = new SKColor[map.Length];
        for (int cell = 0; cell < map.Length; cell++)
        {
            double value = (map[cell] - minimum) / (maximum - minimum);
            // The square root lets middling values be seen; the color still tells them apart.
            double opacity = _options.MapOpacity * Math.Sqrt(value);
            colors[cell] = ColorTable.ColorOf(_options.Colors, value).WithAlpha((byte)Math.Round(255 * opacity));
        }

        var info = new SKImageInfo(grid.Width, grid.Height, SKImageInfo.PlatformColorType, SKAlphaType.Premul);
        using var cells = SKImage.FromPixelCopy(info, MemoryMarshal.AsBytes<SKPMColor>(SKPMColor.PreMultiply(colors)));
        using var paint = new SKPaint { FilterQuality = _options.Smooth ? SKFilterQuality.Low : SKFilterQuality.None };
        _canvas.DrawImage(cells, CellsToPicture().MapRect(new SKRect(0, 0, grid.Width, grid.Height)), paint);
        return this;
    }

    /// <summary>Outlines the predicted region of a map along the borders of its cells.</summary>
    /// <param name="map">A map of the geometry's grid in row-major order, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="threshold">The share of the way from the map's minimum to its maximum from which a cell belongs to the region. Default
    /// 0.05.</param>
    /// <returns>This overlay.</returns>
    /// <exception cref="ArgumentException">The map has other cells than the geometry, or a value is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    public GroundingOverlay DrawRegion(ReadOnlySpan<float> map, double threshold = Region.DefaultThreshold)
    {
        GridOf(map.Length, nameof(map));
        return DrawRegion(RegionOf(map, threshold));
    }

    /// <summary>Outlines a region along the borders of its cells.</summary>
    /// <param name="region">Whether each cell belongs to it, in row-major order, <c>[gridHeight, gridWidth]</c>.</param>
    /// <returns>This overlay.</returns>
    /// <exception cref="ArgumentException">The region has other cells than the geometry.</exception>
    public GroundingOverlay DrawRegion(ReadOnlySpan<bool> region)
    {
        MapGrid grid = GridOf(region.Length, nameof(region));
        if (!region.Contains(true))
        {
            return this;
        }

        using var cells = new SKRegion();
        cells.SetRects(RunsOf(region, grid));
        using SKPath outline = cells.GetBoundaryPath();
        outline.Transform(CellsToPicture());
        // Cells reach over the image's edge where it was padded: there the outline runs along the edge.
        using var frame = new SKPath();
        SKRect inside = Frame;
        inside.Inflate(-_unit, -_unit);
        frame.AddRect(inside);
        using SKPath visible = outline.Op(frame, SKPathOp.Intersect) ?? new SKPath();
        Stroke(visible, Light);
        return this;
    }

    /// <summary>Draws a dashed box.</summary>
    /// <param name="x">Pixels of the original image from its left edge to the box's.</param>
    /// <param name="y">Pixels from its top edge to the box's.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <returns>This overlay.</returns>
    public GroundingOverlay DrawBox(float x, float y, float width, float height)
    {
        using var box = new SKPath();
        box.AddRect(SKRect.Create(x * _scale, y * _scale, width * _scale, height * _scale));
        using var dashes = SKPathEffect.CreateDash([6 * _unit, 4 * _unit], 0);
        Stroke(box, BoxColor, dashes);
        return this;
    }

    /// <summary>Marks a key point.</summary>
    /// <param name="x">Pixels from the left edge of the original image.</param>
    /// <param name="y">Pixels from its top edge.</param>
    /// <param name="mark">How it is drawn.</param>
    /// <returns>This overlay.</returns>
    public GroundingOverlay DrawKeyPoint(float x, float y, KeyPointMark mark = KeyPointMark.Plain)
    {
        var center = new SKPoint(x * _scale, y * _scale);
        using var shape = new SKPath();
        switch (mark)
        {
            case KeyPointMark.Plain:
                shape.AddCircle(center.X, center.Y, 3.5f * _unit);
                Stroke(shape, Light);
                break;
            case KeyPointMark.Hit:
                shape.AddCircle(center.X, center.Y, 6.5f * _unit);
                Fill(shape, HitColor);
                Stroke(shape, Light);
                break;
            case KeyPointMark.Miss:
                float arm = 6 * _unit;
                shape.MoveTo(center.X - arm, center.Y - arm);
                shape.LineTo(center.X + arm, center.Y + arm);
                shape.MoveTo(center.X - arm, center.Y + arm);
                shape.LineTo(center.X + arm, center.Y - arm);
                Stroke(shape, MissColor, width: 3.5f);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mark), mark, "Not a mark.");
        }

        return this;
    }

    /// <summary>Marks a key point as hit or missed by the predicted region of a map.</summary>
    /// <param name="x">Pixels from the left edge of the original image.</param>
    /// <param name="y">Pixels from its top edge.</param>
    /// <param name="map">A map of the geometry's grid in row-major order, <c>[gridHeight, gridWidth]</c>.</param>
    /// <param name="threshold">As in <see cref="DrawRegion(ReadOnlySpan{float}, double)"/>. Default 0.05.</param>
    /// <returns>This overlay.</returns>
    /// <exception cref="ArgumentException">The map has other cells than the geometry, or a value is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not between 0 and 1.</exception>
    public GroundingOverlay DrawScoredKeyPoint(float x, float y, ReadOnlySpan<float> map, double threshold = Region.DefaultThreshold)
    {
        MapGrid grid = GridOf(map.Length, nameof(map));
        bool hit = _geometry.TryGetCell(x, y, out int row, out int column) && RegionOf(map, threshold)[(row * grid.Width) + column];
        return DrawKeyPoint(x, y, hit ? KeyPointMark.Hit : KeyPointMark.Miss);
    }

    /// <summary>Writes a short text on a plate in the upper left corner.</summary>
    /// <param name="text">One line; what does not fit the overlay's width is cut off.</param>
    /// <returns>This overlay.</returns>
    public GroundingOverlay DrawLabel(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using SKFont font = Typeface.At(17 * _unit);
        (float margin, float padding) = (8 * _unit, 8 * _unit);
        text = Typeface.Fit(text, Frame.Width - (2 * (margin + padding)), font);
        float height = 27 * _unit;
        Plate(SKRect.Create(margin, margin, Typeface.WidthOf(text, font) + (2 * padding), height));
        float baseline = margin + ((height + (font.Size * Typeface.CapitalHeight)) / 2);
        Typeface.Draw(_canvas, text, margin + padding, baseline, font, Light);
        return this;
    }

    /// <summary>Draws a bar with the colors of a map on a plate in the lower left corner.</summary>
    /// <param name="minimum">What stands at the end of the smallest value.</param>
    /// <param name="maximum">What stands at the end of the largest value.</param>
    /// <returns>This overlay.</returns>
    public GroundingOverlay DrawLegend(string minimum = "min", string maximum = "max")
    {
        ArgumentNullException.ThrowIfNull(minimum);
        ArgumentNullException.ThrowIfNull(maximum);
        using SKFont font = Typeface.At(14 * _unit);
        (float margin, float padding) = (8 * _unit, 8 * _unit);
        float width = ColorBar.WidthOf(minimum, maximum, font, _unit);
        var plate = SKRect.Create(margin, Frame.Height - margin - (25 * _unit), width + (2 * padding), 25 * _unit);
        Plate(plate);
        ColorBar.Draw(_canvas, plate.Left + padding, plate.MidY, minimum, maximum, _options.Colors, font, Light, _unit);
        return this;
    }

    /// <summary>
    /// Starts another overlay with what this one shows now; what is drawn on either later does not show on the other. For many overlays of
    /// one image this is much quicker than to start each with the image.
    /// </summary>
    /// <returns>The other overlay, which the caller disposes.</returns>
    public GroundingOverlay Copy() => new(this);

    /// <summary>The overlay as it is now.</summary>
    /// <returns>A copy, which the caller disposes.</returns>
    public MLImage ToImage() => SkiaImages.ToImage(_picture);

    /// <summary>Writes the overlay as it is now as a PNG file.</summary>
    /// <param name="path">The file to write.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PngFile.Save(_picture, path);
    }

    /// <summary>Writes the overlay as it is now as a PNG image, to a web response for example.</summary>
    /// <param name="stream">What to write to; it stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        PngFile.Save(_picture, stream);
    }

    /// <summary>
    /// Writes overlays, as they are now, row by row as one PNG file, each in the middle of a place that the largest fits into.
    /// </summary>
    /// <param name="overlays">The overlays, in reading order; they stay the caller's to dispose.</param>
    /// <param name="columns">Overlays per row, at least 1.</param>
    /// <param name="path">The file to write; one that is there is replaced once the new one is whole.</param>
    /// <exception cref="ArgumentException">There are no overlays.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveSheet(IReadOnlyList<GroundingOverlay> overlays, int columns, string path) =>
        ContactSheet.Save(overlays, columns, path);

    /// <summary>Releases the overlay.</summary>
    public void Dispose()
    {
        _canvas.Dispose();
        _picture.Dispose();
    }

    /// <summary>Draws this overlay on another canvas.</summary>
    internal void DrawOn(SKCanvas canvas, float left, float top)
    {
        using SKPixmap pixels = _picture.PeekPixels();
        using var image = SKImage.FromPixels(pixels);
        canvas.DrawImage(image, left, top);
    }

    private MapGrid GridOf(int cells, string parameter) =>
        cells == _geometry.Grid.Cells
            ? _geometry.Grid
            : throw new ArgumentException(
                $"{cells} cells are not the geometry's {_geometry.Grid}. Give the map of one query, [gridHeight, gridWidth].",
                parameter
            );

    private static bool[] RegionOf(ReadOnlySpan<float> map, double threshold)
    {
        bool[] region = new bool[map.Length];
        Region.Threshold(map, threshold, region);
        return region;
    }

    /// <summary>The region in pieces that are a row high and as wide as they can be.</summary>
    internal static SKRectI[] RunsOf(ReadOnlySpan<bool> region, MapGrid grid)
    {
        List<SKRectI> runs = [];
        for (int row = 0; row < grid.Height; row++)
        {
            ReadOnlySpan<bool> cells = region.Slice(row * grid.Width, grid.Width);
            int end = 0;
            while (cells[end..].IndexOf(true) is var gap and >= 0)
            {
                int start = end + gap;
                int length = cells[start..].IndexOf(false);
                end = length < 0 ? grid.Width : start + length;
                runs.Add(new SKRectI(start, row, end, row + 1));
            }
        }

        return [.. runs];
    }

    /// <summary>From columns and rows of a grid to pixels of the overlay.</summary>
    private SKMatrix CellsToPicture()
    {
        (double left, double top, double right, double bottom) = _geometry.CellToPixels(0, 0);
        return new SKMatrix(
            (float)(right - left) * _scale,
            0,
            (float)left * _scale,
            0,
            (float)(bottom - top) * _scale,
            (float)top * _scale,
            0,
            0,
            1
        );
    }

    private void DrawImage(MLImage image)
    {
        // Luminance weights of sRGB.
        const float red = 0.2126f,
            green = 0.7152f,
            blue = 0.0722f;
        float own = (float)(_options.Saturation * _options.Brightness);
        float gray = (float)_options.Brightness - own;
        using var filter = SKColorFilter.CreateColorMatrix([
            own + (gray * red),
            gray * green,
            gray * blue,
            0,
            0,
            gray * red,
            own + (gray * green),
            gray * blue,
            0,
            0,
            gray * red,
            gray * green,
            own + (gray * blue),
            0,
            0,
            0,
            0,
            0,
            1,
            0,
        ]);
        using var paint = new SKPaint { ColorFilter = filter, FilterQuality = SKFilterQuality.High };
        using SKImage source = SkiaImages.ToSkia(image);
        _canvas.DrawImage(source, Frame, paint);
    }

    private void DarkenUnseen()
    {
        SKRect seen = CellsToPicture().MapRect(new SKRect(0, 0, _geometry.Grid.Width, _geometry.Grid.Height));
        if (seen.Contains(Frame))
        {
            return;
        }

        _canvas.Save();
        _canvas.ClipRect(seen, SKClipOperation.Difference, antialias: true);
        using var paint = new SKPaint { Color = Dark };
        _canvas.DrawRect(Frame, paint);
        _canvas.Restore();
    }

    private void Plate(SKRect place)
    {
        using var plate = new SKPath();
        plate.AddRoundRect(place, 5 * _unit, 5 * _unit);
        Fill(plate, Dark);
    }

    private void Fill(SKPath shape, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        _canvas.DrawPath(shape, paint);
    }

    /// <summary>A line with a dark rim, which shows on any background.</summary>
    private void Stroke(SKPath path, SKColor color, SKPathEffect? effect = null, float width = 2)
    {
        using var paint = new SKPaint
        {
            IsStroke = true,
            IsAntialias = true,
            StrokeJoin = SKStrokeJoin.Round,
            StrokeCap = effect is null ? SKStrokeCap.Round : SKStrokeCap.Butt,
            PathEffect = effect,
            Color = Dark,
            StrokeWidth = (width + 2) * _unit,
        };
        _canvas.DrawPath(path, paint);
        paint.Color = color;
        paint.StrokeWidth = width * _unit;
        _canvas.DrawPath(path, paint);
    }
}
