using MLNetGrounding.DataViews;
using MLNetGrounding.Maths.Regions;
using MLNetGrounding.Maths.Scoring;
using MLNetGrounding.Rendering;
using MLNetGrounding.Report.Answers;

namespace MLNetGrounding.Report;

/// <summary>What a report's page holds of one image.</summary>
internal sealed record ReportImage
{
    public required string Name { get; init; }

    public required string Label { get; init; }

    public required ImageGeometry Geometry { get; init; }

    /// <summary>x, y, width and height in pixels, or empty.</summary>
    public required ReadOnlyMemory<float> BoundingBox { get; init; }

    public required ReadOnlyMemory<float> KeyPoints { get; init; }

    public required ReadOnlyMemory<float> KeyPointVisible { get; init; }

    /// <summary>The image, WebP.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>The maps, <c>[methods, queries, cells]</c>.</summary>
    public required byte[] Maps { get; init; }

    /// <summary>The coarse word's mask, <c>[cells]</c>, or empty.</summary>
    public required byte[] Mask { get; init; }

    /// <summary>Scores by method and query; <see langword="null"/> where not scored.</summary>
    public required RegionScore?[][] Scores { get; init; }

    /// <summary>Whether the maps hit at equal area, by method and query; <see langword="null"/> where not scored.</summary>
    public required bool?[][] EqualAreaHits { get; init; }

    /// <summary>By method and query whether the map is largest where it shows nothing of the image.</summary>
    public required bool[][] PeaksOutside { get; init; }

    /// <summary>Why it can be opened down to its layers and heads; none of them where it cannot.</summary>
    public DetailReasons Reasons { get; init; }

    /// <summary>The region's share of the frame by method and query, scored or not; NaN where there is no map.</summary>
    public required double[][] Areas { get; init; }

    /// <summary>
    /// Layers, heads per layer, their maps (<see cref="LayerBytes"/>) and what is said of constant cells, or <see langword="null"/>.
    /// </summary>
    public required (int Layers, int Heads, byte[] Bytes, string ConstantCells)? Layers { get; init; }

    /// <summary>Questions about it and their answers, empty where there are none.</summary>
    public required ReportAnswers Answers { get; init; }

    public static ReportImage Of(
        GroundedImage image,
        RegionScore?[][] scores,
        bool?[][] equalAreaHits,
        GroundingReportOptions options,
        bool withLayers
    )
    {
        int cells = image.Grid.Cells;
        byte[] picture = SkiaImages.EncodeWebp(image.Image, options.ImageEdge, options.ImageQuality);
        return new ReportImage
        {
            Name = image.Name,
            Label = image.Label,
            Geometry = image.Geometry,
            BoundingBox = image.BoundingBox,
            KeyPoints = image.KeyPoints,
            KeyPointVisible = image.KeyPointVisible,
            Picture = picture,
            Answers = ReportAnswers.Of(image, picture),
            Maps = [.. image.Methods.SelectMany(method => MapBytes.Of(method.Maps.Span, cells, options.RegionThreshold))],
            Mask = MapBytes.Of(image.CoarseMask.Span, cells),
            Scores = scores,
            EqualAreaHits = equalAreaHits,
            PeaksOutside = PaddingPeaks.Of(image),
            Areas = [.. image.Methods.Select((_, method) => AreasOf(image, method, scores[method], options))],
            Layers =
                withLayers && image.Layers is { } layers
                    ? (
                        layers.Layers,
                        layers.Heads,
                        LayerBytes.Of(image, options.HeadSelection),
                        ConstantCellText.Of(layers, image.Queries.Count, image.Grid)
                    )
                    : null,
        };
    }

    private static double[] AreasOf(GroundedImage image, int method, RegionScore?[] scores, GroundingReportOptions options)
    {
        float[] fractions = new float[image.Grid.Cells];
        bool[] region = new bool[fractions.Length];
        image.Geometry.FrameFractions(fractions);
        double[] areas = new double[scores.Length];
        for (int query = 0; query < areas.Length; query++)
        {
            if (scores[query] is { } score)
            {
                areas[query] = score.Area;
                continue;
            }

            areas[query] = double.NaN;
            ReadOnlySpan<float> map = image.MapOf(method, query);
            if (RowValues.AreFinite(map))
            {
                Region.Threshold(map, options.RegionThreshold, region);
                areas[query] = PointInRegion.AreaInFrame(region, fractions);
            }
        }

        return areas;
    }
}
