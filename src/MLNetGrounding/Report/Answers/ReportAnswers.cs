using System.Text.Json.Serialization;

namespace MLNetGrounding.Report.Answers;

/// <summary>What the script of the answers reads of one image: written as JSON, by these names in camel case.</summary>
internal sealed record ReportAnswers
{
    public required string Name { get; init; }

    public required string Label { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>The image, WebP.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>The whole grid as shares of the image's sides: left, top, width, height.</summary>
    public required double[] Place { get; init; }

    public required IReadOnlyList<ReportExchange> Exchanges { get; init; }

    /// <summary>Whether there is anything to show.</summary>
    [JsonIgnore]
    public bool IsEmpty => Exchanges.Count == 0;

    public static ReportAnswers Of(GroundedImage image, byte[] picture)
    {
        (double width, double height) = (image.Geometry.ImageWidth, image.Geometry.ImageHeight);
        (double left, double top, double right, double bottom) = image.Geometry.GridToPixels();
        return new ReportAnswers
        {
            Name = image.Name,
            Label = image.Label,
            Width = image.Geometry.ImageWidth,
            Height = image.Geometry.ImageHeight,
            Picture = picture,
            Place = [left / width, top / height, (right - left) / width, (bottom - top) / height],
            Exchanges = [.. image.Answers.Select(answer => ReportExchange.Of(answer, image.Geometry.Grid))],
        };
    }
}
