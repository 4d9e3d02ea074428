using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using MLNetGrounding.Rendering;
using MLNetGrounding.Results;
using SkiaSharp;

namespace MLNetGrounding.Report;

/// <summary>
/// The HTML file: the page, its style and script, which are files of the folder Assets, and the data. Nothing of the data is markup or script:
/// it is JSON in which every character that ends an element is escaped, and only the script and style whose hashes the page states may run.
/// </summary>
internal sealed partial class ReportPage(
    GroundingReportOptions options,
    IReadOnlyList<string> queries,
    IReadOnlyList<string> methods,
    MapGrid grid,
    IReadOnlyList<ReportImage> images,
    int total,
    int failed,
    MethodEvaluation? evaluation)
{
    public void Write(Stream stream)
    {
        string style = Asset("report.css");
        string script = Asset("report.js");
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        // In one pass, so that nothing inserted is looked through for more places.
        string page = Asset("report.html");
        int position = 0;
        foreach (Match place in Places().Matches(page))
        {
            writer.Write(page.AsSpan(position, place.Index - position));
            position = place.Index + place.Length;
            switch (place.Groups[1].Value)
            {
                case "title": writer.Write(HtmlEncoder.Default.Encode(options.Title)); break;
                case "style": writer.Write(style); break;
                case "script": writer.Write(script); break;
                case "style-hash": writer.Write(HashOf(style)); break;
                case "script-hash": writer.Write(HashOf(script)); break;
                case "data": WriteData(writer); break;
                case "details": WriteDetails(writer); break;
                default: throw new InvalidOperationException($"The page has a place '{place.Value}' that nothing belongs to.");
            }
        }

        writer.Write(page.AsSpan(position));
    }

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Places();

    private static string Asset(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The library was built without the resource '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // The browser hashes what it parsed, in which every line ends with a line feed.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private void WriteDetails(StreamWriter writer)
    {
        for (int index = 0; index < images.Count; index++)
        {
            if (images[index].Layers is { } layers)
            {
                writer.Write($"<script type=\"text/plain\" id=\"detail-{index}\">{Convert.ToBase64String(layers.Bytes)}</script>\n");
            }
        }
    }

    private void WriteData(StreamWriter writer)
    {
        writer.Flush();
        // The default encoder escapes <, >, &, quotes and everything outside ASCII.
        using var json = new Utf8JsonWriter(writer.BaseStream);
        json.WriteStartObject();
        json.WriteString("title", options.Title);
        json.WriteString("description", options.Description);
        json.WriteNumber("threshold", options.RegionThreshold);
        json.WriteNumber("confidence", evaluation?.Confidence ?? 0);
        json.WriteNumber("gridHeight", grid.Height);
        json.WriteNumber("gridWidth", grid.Width);
        json.WriteNumber("regionByte", MapBytes.RegionByte(options.RegionThreshold));
        json.WriteBase64String("colors", Colors());
        json.WriteString("pictureType", "image/webp");
        WriteArray(json, "queries", queries, json.WriteStringValue);
        WriteArray(json, "methods", methods, json.WriteStringValue);
        WriteArray(json, "points", queries, query => WriteArray(json, null, options.KeyPointsOf(query), json.WriteNumberValue));
        WriteArray(json, "reasons", HeadVerdict.WordsFor(options.HeadSelection), each => json.WriteStringValue(each.Words));
        json.WriteNumber("total", total);
        json.WriteNumber("failed", failed);
        WriteArray(json, "scores", methods, method => WriteScores(json, evaluation?[method], method));
        WriteArray(json, "baselines", evaluation?.Methods.Where(each => each.Kind != MethodKind.Method) ?? [], each => WriteScores(json, each, each.Name));
        WriteArray(json, "images", images, image =>
        {
            WriteImage(json, image);
            json.Flush();
        });
        json.WriteEndObject();
        json.Flush();
    }

    private static byte[] Colors() => [.. Enumerable.Range(0, 256).SelectMany(value =>
    {
        SKColor color = ColorTable.ColorOf(ColorMap.Plasma, value / 255.0);
        return (byte[])[color.Red, color.Green, color.Blue];
    })];

    private void WriteScores(Utf8JsonWriter json, MethodScores? scores, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("kind", (scores?.Kind ?? MethodKind.Method).ToString());
        json.WriteString("description", scores?.Description ?? "");
        WriteArray(json, "attributes", queries, query => WriteAttribute(json, query, scores?.Attributes.First(attribute => attribute.Name == query)));
        json.WritePropertyName("mean");
        WriteAttribute(json, "mean", scores?.Mean);
        json.WriteEndObject();
    }

    private void WriteAttribute(Utf8JsonWriter json, string name, AttributeScores? scores)
    {
        RegionScores? region = scores?.AtThreshold(evaluation!.RegionThreshold);
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("count", scores?.Count ?? 0);
        WriteEstimate(json, "mpir", region?.Mpir);
        WriteEstimate(json, "hitRate", region?.HitRate);
        WriteEstimate(json, "area", region?.MedianArea);
        json.WriteEndObject();
    }

    private void WriteImage(Utf8JsonWriter json, ReportImage image)
    {
        (double width, double height) = (image.Geometry.ImageWidth, image.Geometry.ImageHeight);
        (double left, double top, double right, double bottom) = image.Geometry.GridToPixels();
        json.WriteStartObject();
        json.WriteString("name", image.Name);
        json.WriteString("species", image.Species);
        json.WriteNumber("width", image.Geometry.ImageWidth);
        json.WriteNumber("height", image.Geometry.ImageHeight);
        json.WriteBase64String("picture", image.Picture);
        // The whole grid's place, in shares of the picture.
        WriteArray(json, "place", [left / width, top / height, right / width, bottom / height], share => WriteNumber(json, share));
        if (image.BoundingBox.Span is [float x, float y, float boxWidth, float boxHeight])
        {
            WriteArray(json, "box", [x / width, y / height, boxWidth / width, boxHeight / height], share => WriteNumber(json, share));
        }

        WriteArray(json, "points", Enumerable.Range(0, image.KeyPointVisible.Length), point => WritePoint(json, image, point));
        json.WriteBase64String("maps", image.Maps);
        if (image.Mask.Length > 0)
        {
            json.WriteBase64String("mask", image.Mask);
        }

        WriteArray(json, "hit", image.Scores, scores => WriteArray(json, null, scores, score => WriteNumber(json, score is { } each ? (each.Hit ? 1 : 0) : double.NaN)));
        WriteArray(json, "area", image.Scores, scores => WriteArray(json, null, scores, score => WriteNumber(json, score?.Area ?? double.NaN)));
        WriteArray(json, "mpir", image.Scores, scores => WriteArray(json, null, scores, score => WriteNumber(json, score?.Mpir ?? double.NaN)));
        if (image.Layers is { } layers)
        {
            json.WriteStartObject("layers");
            json.WriteNumber("layers", layers.Layers);
            json.WriteNumber("heads", layers.Heads);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>x and y in shares of the picture and the cell, -1 where it lies in none; null where it is not visible.</summary>
    private void WritePoint(Utf8JsonWriter json, ReportImage image, int point)
    {
        if (image.KeyPointVisible.Span[point] == 0)
        {
            json.WriteNullValue();
            return;
        }

        (float x, float y) = (image.KeyPoints.Span[2 * point], image.KeyPoints.Span[(2 * point) + 1]);
        int cell = image.Geometry.TryGetCell(x, y, out int row, out int column) ? (row * grid.Width) + column : -1;
        WriteArray(json, null, [x / image.Geometry.ImageWidth, y / image.Geometry.ImageHeight, cell], number => WriteNumber(json, number));
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        Estimate known = estimate ?? Estimate.None;
        WriteArray(json, name, [known.Value, known.Low, known.High], number => WriteNumber(json, number));
    }

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(Math.Round(value, 5));
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string? name, IEnumerable<T> items, Action<T> write)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        json.WriteStartArray();
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
