using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLNetGrounding.Report;

/// <summary>The data of a report's page.</summary>
internal static class ReportJson
{
    /// <summary>Reads it; the caller disposes it.</summary>
    public static JsonDocument Of(string path) =>
        JsonDocument.Parse(
            WebUtility.HtmlDecode(
                Regex
                    .Match(File.ReadAllText(path), "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)
                    .Groups[1]
                    .Value
            )
        );
}
