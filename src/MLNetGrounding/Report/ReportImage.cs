using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Rendering;

namespace MLNetGrounding.Report;

/// <summary>What a report's page holds of one image.</summary>
internal sealed record ReportImage
{
    public required string Name { get; init; }

    public required string Species { get; init; }

    public required ImageGeometry Geometry { get; init; }

    /// <summary>x, y, width and height in pixels, or empty.</summary>
    public required ReadOnlyMemory<float> BoundingBox { get; init; }

    public required ReadOnlyMemory<float> KeyPoints { get; init; }

    public required ReadOnlyMemory<float> KeyPointVisible { get; init; }

    /// <summary>The picture, WebP.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>The maps, <c>[methods, queries, cells]</c>.</summary>
    public required byte[] Maps { get; init; }

    /// <summary>The coarse word's mask, <c>[cells]</c>, or empty.</summary>
    public required byte[] Mask { get; init; }

    /// <summary>Scores by method and query; <see langword="null"/> where not scored.</summary>
    public required RegionScore?[][] Scores { get; init; }

    /// <summary>The region's share of the frame by method and query, scored or not; NaN where there is no map.</summary>
    public required double[][] Areas { get; init; }

    /// <summary>Layers, heads per layer and their maps, <see cref="LayerBytes"/>, or <see langword="null"/>.</summary>
    public required (int Layers, int Heads, byte[] Bytes)? Layers { get; init; }

    public static ReportImage Of(GroundedImage image, GroundingReportOptions options)
    {
        int cells = image.Grid.Cells;
        (RegionScore?[] Scores, double[] Areas)[] scored = [.. image.Methods.Select((_, method) => ScoresOf(image, method, options))];
        return new ReportImage
        {
            Name = image.Name,
            Species = image.Species,
            Geometry = image.Geometry,
            BoundingBox = image.BoundingBox,
            KeyPoints = image.KeyPoints,
            KeyPointVisible = image.KeyPointVisible,
            Picture = SkiaImages.EncodeWebp(image.Image, options.PictureEdge, options.PictureQuality),
            Maps = [.. image.Methods.SelectMany(method => MapBytes.Of(method.Maps.Span, cells, options.RegionThreshold))],
            Mask = MapBytes.Of(image.CoarseMask.Span, cells),
            Scores = Array.ConvertAll(scored, method => method.Scores),
            Areas = Array.ConvertAll(scored, method => method.Areas),
            Layers = image.Layers is { } layers ? (layers.Layers, layers.Heads, LayerBytes.Of(image, options.HeadSelection)) : null,
        };
    }

    private static (RegionScore?[] Scores, double[] Areas) ScoresOf(GroundedImage image, int method, GroundingReportOptions options)
    {
        float[] fractions = new float[image.Grid.Cells];
        bool[] region = new bool[fractions.Length];
        image.Geometry.FrameFractions(fractions);
        var scores = new RegionScore?[image.Queries.Count];
        double[] areas = new double[scores.Length];
        Array.Fill(areas, double.NaN);
        bool annotated = RowValues.AreFinite(image.KeyPoints.Span) && RowValues.AreWeights(image.KeyPointVisible.Span);
        for (int query = 0; query < scores.Length; query++)
        {
            if (!RowValues.AreFinite(image.MapOf(method, query)))
            {
                continue;
            }

            int[] points = [.. options.KeyPointsOf(image.Queries[query]).Where(point => point < image.KeyPointVisible.Length)];
            Region.Threshold(image.MapOf(method, query), options.RegionThreshold, region);
            areas[query] = PointInRegion.AreaInFrame(region, fractions);
            scores[query] = annotated
                ? PointInRegion.Score(region, image.Geometry, fractions, image.KeyPoints.Span, image.KeyPointVisible.Span, points)
                : null;
        }

        return (scores, areas);
    }
}
