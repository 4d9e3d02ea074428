using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using MLNetGrounding.Rendering;
using MLNetGrounding.Report.Answers;
using MLNetGrounding.Results;
using SkiaSharp;

namespace MLNetGrounding.Report;

/// <summary>
/// The HTML file: the page, its style and script, which are files of the folder Assets, and the data. Nothing of the data is markup or
/// script: it is JSON in which every character that ends an element is escaped, and only the script and style whose hashes the page states
/// may run.
/// </summary>
internal sealed partial class ReportPage(
    GroundingReportOptions options,
    IReadOnlyList<string> queries,
    IReadOnlyList<string> methods,
    MapGrid grid,
    IReadOnlyList<IReadOnlyList<int>>? keyPoints,
    IReadOnlyList<ReportImage> images,
    int total,
    int failed,
    int constantMaps,
    IReadOnlyList<int> peaksOutside,
    MethodEvaluation? evaluation,
    IReadOnlyList<double> chances,
    ReportHeads? heads
)
{
    // The default encoder escapes <, >, &, quotes and everything outside ASCII.
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public void Write(Stream stream)
    {
        // Images that come with answers and without maps of methods need no more than their own part of the page.
        ReportAnswers[] answers = [.. images.Select(image => image.Answers).Where(each => !each.IsEmpty)];
        bool isAnswersOnly = methods.Count == 0;
        string style = Asset("report.css").Replace("{{colors}}", Gradient(), StringComparison.Ordinal);
        string script = isAnswersOnly ? "" : Asset("report.js");
        if (answers.Length > 0 || isAnswersOnly)
        {
            style += Asset("answers.css");
            script += Asset("answers.js");
        }

        using var writer = new StreamWriter(
            stream,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            bufferSize: 1 << 16,
            leaveOpen: true
        );
        // In one pass, so that nothing inserted is looked through for more places.
        string page = Asset(isAnswersOnly ? "answers.html" : "report.html");
        int position = 0;
        foreach (Match place in Places().Matches(page))
        {
            writer.Write(page.AsSpan(position, place.Index - position));
            position = place.Index + place.Length;
            switch (place.Groups[1].Value)
            {
                case "title":
                    writer.Write(HtmlEncoder.Default.Encode(options.Title));
                    break;
                case "description":
                    writer.Write(HtmlEncoder.Default.Encode(options.Description));
                    break;
                case "answers":
                    writer.Write(answers.Length > 0 || isAnswersOnly ? Asset("answers-section.html") : "");
                    break;
                case "answers-data":
                    if (answers.Length > 0 || isAnswersOnly)
                    {
                        WriteAnswers(writer, answers);
                    }

                    break;
                case "style":
                    writer.Write(style);
                    break;
                case "script":
                    writer.Write(script);
                    break;
                case "style-hash":
                    writer.Write(HashOf(style));
                    break;
                case "script-hash":
                    writer.Write(HashOf(script));
                    break;
                case "data":
                    WriteData(writer);
                    break;
                case "details":
                    WriteDetails(writer);
                    break;
                default:
                    throw new InvalidOperationException($"The page has a place '{place.Value}' that nothing belongs to.");
            }
        }

        writer.Write(page.AsSpan(position));
    }

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Places();

    private static string Asset(string name)
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The library was built without the resource '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // The browser hashes what it parsed, in which every line ends with a line feed.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static void WriteAnswers(StreamWriter writer, ReportAnswers[] answers)
    {
        writer.Write("<script type=\"application/json\" id=\"answers-data\">");
        writer.Flush();
        JsonSerializer.Serialize(writer.BaseStream, answers, Json);
        writer.Write("</script>");
    }

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
        JsonSerializer.Serialize(
            writer.BaseStream,
            new ReportData
            {
                Title = options.Title,
                Description = options.Description,
                Threshold = options.RegionThreshold,
                Confidence = evaluation?.Confidence ?? 0,
                GridHeight = grid.Height,
                GridWidth = grid.Width,
                RegionByte = MapBytes.RegionByte(options.RegionThreshold),
                EqualArea = ReportScores.EqualArea,
                EqualAreaChance = [.. chances.Select(ReportNumber.Of)],
                Heads = heads,
                Colors = Colors(),
                PictureType = "image/webp",
                Queries = queries,
                Methods = methods,
                Points = keyPoints ?? [.. queries.Select(_ => (IReadOnlyList<int>)[])],
                Reasons = [.. HeadVerdict.WordsFor(options.HeadSelection).Select(each => each.Words)],
                Total = total,
                Failed = failed,
                ConstantMaps = constantMaps,
                PeaksOutside = peaksOutside,
                FurtherScores = Further,
                Scores = methods.Select(method => Scores(method, evaluation?[method])),
                Baselines = evaluation?.Methods.Where(each => each.Kind != MethodKind.Method).Select(each => Scores(each.Name, each)) ?? [],
                Images = images.Select(ReportPicture.Of),
            },
            Json
        );
    }

    private IReadOnlyList<ScoreColumn> Further => evaluation?.FurtherScores ?? [];

    private ReportMethod Scores(string name, MethodScores? scores) =>
        ReportMethod.Of(name, scores, queries, evaluation?.RegionThreshold ?? 0, Further);

    // The legend's colors, from the smallest value to the largest.
    private static string Gradient() =>
        string.Join(", ", Enumerable.Range(0, 17).Select(stop => ColorTable.ColorOf(ColorMap.Plasma, stop / 16.0)).Select(Css));

    private static string Css(SKColor color) => $"rgb({color.Red} {color.Green} {color.Blue})";

    private static byte[] Colors() =>
        [
            .. Enumerable
                .Range(0, 256)
                .SelectMany(value =>
                {
                    SKColor color = ColorTable.ColorOf(ColorMap.Plasma, value / 255.0);
                    return (byte[])[color.Red, color.Green, color.Blue];
                }),
        ];
}
