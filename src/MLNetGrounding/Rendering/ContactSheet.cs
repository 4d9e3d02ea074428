using Microsoft.ML.Data;
using SkiaSharp;

namespace MLNetGrounding.Rendering;

/// <summary>Puts pictures side by side in one, with or without captions.</summary>
internal static class ContactSheet
{
    private const int Gap = 8;

    private static readonly FigureColors Plain = FigureColors.Of(FigureTheme.Dark);

    /// <summary>Arranges pictures row by row, each in the middle of a place that the largest fits into.</summary>
    /// <param name="pictures">The pictures, in reading order.</param>
    /// <param name="columns">Pictures per row.</param>
    /// <returns>The sheet, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">There are no pictures.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1.</exception>
    public static MLImage Arrange(IReadOnlyList<MLImage> pictures, int columns)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        using SKBitmap sheet = Draw(
            [.. pictures.Select(picture => new SKSizeI(picture.Width, picture.Height))],
            columns,
            (canvas, picture, left, top) => DrawPicture(canvas, pictures[picture], left, top)
        );
        return SkiaImages.ToImage(sheet);
    }

    /// <summary>
    /// Writes overlays, as they are now, row by row as one PNG file, each in the middle of a place that the largest fits into.
    /// </summary>
    /// <param name="pictures">The overlays, in reading order; they stay the caller's to dispose.</param>
    /// <param name="columns">Pictures per row.</param>
    /// <param name="path">The file to write; one that is there is replaced once the new one is whole.</param>
    /// <exception cref="ArgumentException">There are no pictures.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(IReadOnlyList<GroundingOverlay> pictures, int columns, string path)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using SKBitmap sheet = Draw(pictures, columns);
        PngFile.Save(sheet, path);
    }

    /// <summary>Arranges pictures row by row with a caption under each, and a heading over all.</summary>
    /// <param name="panels">The pictures and their captions, in reading order. What does not fit a picture's width is cut off.</param>
    /// <param name="options">How the sheet looks, or <see langword="null"/> for the defaults.</param>
    /// <returns>The sheet, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">There are no panels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static MLImage Arrange(IReadOnlyList<ContactSheetPanel> panels, ContactSheetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(panels);
        options ??= new ContactSheetOptions();
        options.Validate();
        if (panels.Count == 0)
        {
            throw new ArgumentException("A contact sheet needs at least one picture.", nameof(panels));
        }

        int columns = Math.Min(options.Columns, panels.Count);
        int rows = (panels.Count + columns - 1) / columns;
        int width = panels.Max(panel => panel.Picture.Width);
        int height = panels.Max(panel => panel.Picture.Height);
        // Text for a picture of 240 pixels; larger pictures are looked at smaller.
        float unit = Math.Clamp(width / 240f, 0.6f, 2.5f);
        int gap = (int)MathF.Round(14 * unit);
        using SKFont captionFont = Typeface.At(14 * unit);
        using SKFont noteFont = Typeface.At(11.5f * unit);
        float noteHeight = 15.5f * unit;
        int captionHeight = (int)MathF.Ceiling((24 * unit) + (panels.Max(panel => panel.Notes.Count) * noteHeight));
        int headingHeight =
            options.Title is null && options.Legend is null ? 0 : (int)MathF.Ceiling((options.Subtitle is null ? 34 : 54) * unit);
        using SKBitmap sheet = SkiaImages.NewBitmap(
            gap + (columns * (width + gap)),
            gap + headingHeight + (rows * (height + captionHeight + gap))
        );
        using var canvas = new SKCanvas(sheet);
        var colors = FigureColors.Of(options.Theme);
        canvas.Clear(colors.Background);
        DrawHeading(canvas, options, colors, SKRect.Create(gap, gap, sheet.Width - (2 * gap), headingHeight), unit);
        for (int index = 0; index < panels.Count; index++)
        {
            ContactSheetPanel panel = panels[index];
            int left = gap + (index % columns * (width + gap));
            int top = gap + headingHeight + (index / columns * (height + captionHeight + gap));
            var place = SKRect.Create(
                left + ((width - panel.Picture.Width) / 2),
                top + ((height - panel.Picture.Height) / 2),
                panel.Picture.Width,
                panel.Picture.Height
            );
            DrawPanel(canvas, panel, colors, place, unit);
            SKColor captionColor = panel.Mark switch
            {
                PanelMark.Kept => colors.Kept,
                PanelMark.Dropped => colors.Muted,
                _ => colors.Text,
            };
            float baseline = top + height + (18 * unit);
            Typeface.Draw(canvas, Typeface.Fit(panel.Caption, width, captionFont), left, baseline, captionFont, captionColor);
            foreach (string note in panel.Notes)
            {
                baseline += noteHeight;
                Typeface.Draw(canvas, Typeface.Fit(note, width, noteFont), left, baseline, noteFont, colors.Muted);
            }
        }

        return SkiaImages.ToImage(sheet);
    }

    internal static MLImage Arrange(IReadOnlyList<GroundingOverlay> pictures, int columns)
    {
        using SKBitmap sheet = Draw(pictures, columns);
        return SkiaImages.ToImage(sheet);
    }

    private static SKBitmap Draw(IReadOnlyList<GroundingOverlay> pictures, int columns) =>
        Draw(
            [.. pictures.Select(picture => picture.Size)],
            columns,
            (canvas, picture, left, top) => pictures[picture].DrawOn(canvas, left, top)
        );

    private static SKBitmap Draw(SKSizeI[] pictures, int columns, Action<SKCanvas, int, int, int> draw)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (pictures.Length == 0)
        {
            throw new ArgumentException("A contact sheet needs at least one picture.", nameof(pictures));
        }

        columns = Math.Min(columns, pictures.Length);
        int rows = (pictures.Length + columns - 1) / columns;
        int width = pictures.Max(picture => picture.Width);
        int height = pictures.Max(picture => picture.Height);
        SKBitmap sheet = SkiaImages.NewBitmap((columns * (width + Gap)) + Gap, (rows * (height + Gap)) + Gap);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(Plain.Background);
        for (int index = 0; index < pictures.Length; index++)
        {
            int left = Gap + (index % columns * (width + Gap)) + ((width - pictures[index].Width) / 2);
            int top = Gap + (index / columns * (height + Gap)) + ((height - pictures[index].Height) / 2);
            draw(canvas, index, left, top);
        }

        return sheet;
    }

    private static void DrawPicture(SKCanvas canvas, MLImage picture, float left, float top)
    {
        using SKImage source = SkiaImages.ToSkia(picture);
        canvas.DrawImage(source, left, top);
    }

    private static void DrawPanel(SKCanvas canvas, ContactSheetPanel panel, FigureColors colors, SKRect place, float unit)
    {
        DrawPicture(canvas, panel.Picture, place.Left, place.Top);
        using var paint = new SKPaint { IsAntialias = true };
        if (panel.Mark == PanelMark.Dropped)
        {
            paint.Color = colors.Fade;
            canvas.DrawRect(place, paint);
        }
        else if (panel.Mark == PanelMark.Kept)
        {
            paint.Color = colors.Kept;
            paint.IsStroke = true;
            paint.StrokeWidth = 2 * unit;
            place.Inflate(unit, unit);
            canvas.DrawRect(place, paint);
        }
    }

    private static void DrawHeading(SKCanvas canvas, ContactSheetOptions options, FigureColors theme, SKRect place, float unit)
    {
        float right = place.Right;
        if (options.Legend is { } colors)
        {
            using SKFont legendFont = Typeface.At(12 * unit);
            right -= ColorBar.WidthOf("min", "max", legendFont, unit);
            ColorBar.Draw(canvas, right, place.Top + (11 * unit), "min", "max", colors, legendFont, theme.Muted, unit);
            right -= 16 * unit;
        }

        using SKFont titleFont = Typeface.At(19 * unit);
        using SKFont subtitleFont = Typeface.At(12.5f * unit);
        Typeface.Draw(
            canvas,
            Typeface.Fit(options.Title ?? "", right - place.Left, titleFont),
            place.Left,
            place.Top + (17 * unit),
            titleFont,
            theme.Text
        );
        Typeface.Draw(
            canvas,
            Typeface.Fit(options.Subtitle ?? "", place.Width, subtitleFont),
            place.Left,
            place.Top + (38 * unit),
            subtitleFont,
            theme.Muted
        );
    }
}
