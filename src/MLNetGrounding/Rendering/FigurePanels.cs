using Microsoft.ML.Data;
using MLNetGrounding.DataViews;

namespace MLNetGrounding.Rendering;

/// <summary>The panels of one figure: the image, maps over it, and their captions.</summary>
internal sealed class FigurePanels(GroundedImage image, GroundingFigureOptions options) : IDisposable
{
    private readonly GroundingOverlay _background = new(image.Image, image.Geometry, options.PanelLook);
    private readonly List<ContactSheetPanel> _panels = [];

    /// <summary>Adds the image with its box and visible key points.</summary>
    public void AddImage()
    {
        using var overlay = new GroundingOverlay(image.Image, image.Geometry, options.PlainLook);
        if (image.BoundingBox.Span is [float x, float y, float width, float height])
        {
            overlay.DrawBox(x, y, width, height);
        }

        ReadOnlySpan<float> keyPoints = image.KeyPoints.Span;
        for (int point = 0; point < image.KeyPointVisible.Length; point++)
        {
            if (image.KeyPointVisible.Span[point] != 0)
            {
                overlay.DrawKeyPoint(keyPoints[2 * point], keyPoints[(2 * point) + 1]);
            }
        }

        _panels.Add(new ContactSheetPanel(overlay.ToImage(), image.Label.Length > 0 ? image.Label : "image"));
    }

    public void Add(ReadOnlySpan<float> map, string caption, PanelMark mark, params string[] notes)
    {
        using GroundingOverlay overlay = _background.Copy();
        _panels.Add(new ContactSheetPanel(overlay.DrawMap(map).ToImage(), caption) { Notes = notes, Mark = mark });
    }

    /// <summary>
    /// Adds the final map of each query with its region and key points; the image alone for a map that could not be computed.
    /// </summary>
    public void AddQueries()
    {
        for (int query = 0; query < image.Queries.Count; query++)
        {
            using GroundingOverlay overlay = _background.Copy();
            bool computed = RowValues.AreFinite(image.MapOf(0, query));
            if (computed)
            {
                overlay.DrawGrounding(image, query, options.RegionThreshold, options.KeyPointTable);
            }

            _panels.Add(new ContactSheetPanel(overlay.ToImage(), image.Queries[query]) { Notes = computed ? [] : ["not computed"] });
        }
    }

    public MLImage Arrange(string title, string subtitle) =>
        ContactSheet.Arrange(
            _panels,
            new ContactSheetOptions
            {
                Columns = options.Columns ?? ColumnsFor(_panels.Count),
                Title = title,
                Subtitle = subtitle,
                Legend = options.Look.Colors,
                Theme = options.Theme,
            }
        );

    /// <summary>A number of columns, from a square to twice as wide as high, that leaves as few places empty as can be.</summary>
    public static int ColumnsFor(int panels)
    {
        double square = Math.Sqrt(panels);
        return Enumerable
            .Range((int)Math.Ceiling(square), (int)Math.Floor(2 * square) - (int)Math.Ceiling(square) + 1)
            .OrderBy(columns => (columns - (panels % columns)) % columns)
            .ThenBy(columns => Math.Abs(columns - (1.2 * square)))
            .First();
    }

    public void Dispose()
    {
        _background.Dispose();
        _panels.ForEach(panel => panel.Picture.Dispose());
    }
}
