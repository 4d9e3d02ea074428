using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace WebService;

/// <summary>The page, which asks nobody but this service.</summary>
internal static partial class Page
{
    private static readonly string Html = Read();
    private static readonly string Policy =
        $"default-src 'none'; img-src 'self' blob: data:; connect-src 'self'; form-action 'self'; base-uri 'none'; script-src {Hash(Script())}; style-src {Hash(Style())}";

    public static IResult Get() => new Answer();

    private static string Read()
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream("page.html")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(Regex element) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Match(Html).Groups[1].Value)))}'";

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    private sealed class Answer : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Content(Html, "text/html; charset=utf-8").ExecuteAsync(httpContext);
        }
    }
}
