using System.Text.Json.Serialization;
using MLNetGrounding.Maths.Scoring;

namespace MLNetGrounding.Report;

/// <summary>One image in <see cref="ReportData"/>; places are shares of its width and height.</summary>
internal sealed record ReportPicture
{
    public required string Name { get; init; }

    public required string Label { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required byte[] Picture { get; init; }

    /// <summary>The whole grid: left, top, right, bottom.</summary>
    public required double?[] Place { get; init; }

    /// <summary>The annotated box: left, top, width, height.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required double?[]? Box { get; init; }

    /// <summary>For each key point x, y and the cell that it lies in, -1 outside; <see langword="null"/> where it is not visible.</summary>
    public required IReadOnlyList<double?[]?> Points { get; init; }

    public required byte[] Maps { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required byte[]? Mask { get; init; }

    /// <summary>For each method and query 1 or 0; <see langword="null"/> where nothing is scored.</summary>
    public required double?[][] Hit { get; init; }

    /// <summary>The region's share of the frame, scored or not.</summary>
    public required double?[][] Area { get; init; }

    public required double?[][] Mpir { get; init; }

    /// <summary>As <see cref="Hit"/>, for the map's largest values at equal area.</summary>
    public required double?[][] EqualArea { get; init; }

    /// <summary>For each method and query 1 where the map is largest outside the image.</summary>
    public required int[][] PeakOutside { get; init; }

    /// <summary>Why it can be opened down to its heads, in words for its cards.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required IReadOnlyList<string>? Reasons { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required ReportLayers? Layers { get; init; }

    public static ReportPicture Of(ReportImage image)
    {
        (double width, double height) = (image.Geometry.ImageWidth, image.Geometry.ImageHeight);
        (double left, double top, double right, double bottom) = image.Geometry.GridToPixels();
        return new ReportPicture
        {
            Name = image.Name,
            Label = image.Label,
            Width = image.Geometry.ImageWidth,
            Height = image.Geometry.ImageHeight,
            Picture = image.Picture,
            Place = Numbers(left / width, top / height, right / width, bottom / height),
            Box = image.BoundingBox.Span is [float x, float y, float boxWidth, float boxHeight]
                ? Numbers(x / width, y / height, boxWidth / width, boxHeight / height)
                : null,
            Points = [.. Enumerable.Range(0, image.KeyPointVisible.Length).Select(point => PointOf(image, point))],
            Maps = image.Maps,
            Mask = image.Mask.Length > 0 ? image.Mask : null,
            Hit = Each(image.Scores, score => score.Hit ? 1 : 0),
            Area = Array.ConvertAll(image.Areas, method => Array.ConvertAll(method, ReportNumber.Of)),
            Mpir = Each(image.Scores, score => score.Mpir),
            EqualArea =
            [
                .. image.EqualAreaHits.Select(method =>
                    Array.ConvertAll(method, hit => hit is { } known ? (known ? 1.0 : 0) : (double?)null)
                ),
            ],
            PeakOutside = Array.ConvertAll(image.PeaksOutside, method => Array.ConvertAll(method, outside => outside ? 1 : 0)),
            Reasons = image.Layers is null ? null : WordsFor(image.Reasons),
            Layers = image.Layers is { } layers ? new ReportLayers(layers.Layers, layers.Heads, layers.ConstantCells) : null,
        };
    }

    private static string[] WordsFor(DetailReasons reasons)
    {
        (DetailReasons Reason, string Word)[] words =
        [
            (DetailReasons.Best, "best"),
            (DetailReasons.Worst, "worst"),
            (DetailReasons.Named, "chosen"),
        ];
        return [.. words.Where(each => reasons.HasFlag(each.Reason)).Select(each => each.Word)];
    }

    private static double?[]? PointOf(ReportImage image, int point)
    {
        if (image.KeyPointVisible.Span[point] == 0)
        {
            return null;
        }

        (float x, float y) = (image.KeyPoints.Span[2 * point], image.KeyPoints.Span[(2 * point) + 1]);
        int cell = image.Geometry.TryGetCell(x, y, out int row, out int column) ? (row * image.Geometry.Grid.Width) + column : -1;
        return Numbers(x / image.Geometry.ImageWidth, y / image.Geometry.ImageHeight, cell);
    }

    private static double?[] Numbers(params ReadOnlySpan<double> values)
    {
        double?[] numbers = new double?[values.Length];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = ReportNumber.Of(values[index]);
        }

        return numbers;
    }

    private static double?[][] Each(RegionScore?[][] scores, Func<RegionScore, double> number) =>
        [.. scores.Select(method => Array.ConvertAll(method, score => score is { } each ? ReportNumber.Of(number(each)) : null))];
}
