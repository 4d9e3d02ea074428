using System.Text.Json;
using System.Text.RegularExpressions;
using MLNetGrounding.Testing.Hub;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>A scenario that was recorded of Hugging Face's client.</summary>
internal sealed partial class RecordedScenario(JsonElement json)
{
    public string Name => json.GetProperty("name").GetString()!;

    public PythonCall? Call => PythonCall.TryParse(json.GetProperty("call").GetString()!);

    /// <summary>What was done before, as Python.</summary>
    public string Setup =>
        json.TryGetProperty("setup", out JsonElement setup) && setup.ValueKind == JsonValueKind.String ? setup.GetString()! : "";

    /// <summary>The scenario whose cache it starts from.</summary>
    public string? Start => json.TryGetProperty("starts from cache of", out JsonElement start) ? start.GetString() : null;

    public IReadOnlyDictionary<string, string> Environment =>
        json.GetProperty("environment").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!);

    public HubRules Rules => HubRules.Read(json.TryGetProperty("server rules", out JsonElement rules) ? rules : null);

    public IEnumerable<JsonElement> Exchanges => json.GetProperty("exchanges").EnumerateArray();

    public bool IsOrdered => json.GetProperty("order fixed").GetBoolean();

    public JsonElement Result => json.GetProperty("result");

    /// <summary>The path that was returned, with <c>{home}</c>.</summary>
    public string? Returned =>
        Result.TryGetProperty("returns", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The class of the exception, without its module.</summary>
    public string? Raised => Result.TryGetProperty("raises", out JsonElement classes) ? classes[0].GetString()!.Split('.')[^1] : null;

    /// <summary>The token that the client sent to the hub.</summary>
    public string? Token =>
        Exchanges
            .Select(exchange => exchange.GetProperty("request").GetProperty("headers"))
            .Select(headers => headers.TryGetProperty("authorization", out JsonElement value) ? value.GetString() : null)
            .FirstOrDefault(value => value is not null)
            ?["Bearer ".Length..];

    /// <summary>Bytes that the disk was said to have free.</summary>
    public long? FreeBytes =>
        Free().Match(Setup) is { Success: true } match
            ? long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>Whether the disk was full in the middle.</summary>
    public bool IsDiskFull => Setup.Contains("ENOSPC", StringComparison.Ordinal);

    /// <summary>Cut or removed files of the cache: its path, and the length that is left.</summary>
    public IEnumerable<(string Path, int? Length)> Damages =>
        [
            .. Truncate()
                .Matches(Setup)
                .Select(match =>
                    (match.Groups[1].Value, (int?)int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))
                ),
            .. Remove().Matches(Setup).Select(match => (match.Groups[1].Value, (int?)null)),
        ];

    /// <summary>Why our client cannot be asked the same, or <see langword="null"/>.</summary>
    public string? Inapplicable =>
        Call is not { Name: "snapshot_download" or "hf_hub_download" } call ? "another call"
        : call.Options.ContainsKey("dry_run") || call.Options.ContainsKey("local_files_only") || call.Options.ContainsKey("force_download")
            ? "an argument that we have not"
        : call.Options.GetValueOrDefault("token") is true ? "an argument that we have not"
        : Environment.ContainsKey("SSL_CERT_FILE") ? "a certificate of its own"
        : Setup.Length > 0 && FreeBytes is null && !IsDiskFull && !Damages.Any() && !ChunkOnly().IsMatch(Setup) ? "Python code"
        : null;

    [GeneratedRegex(@"'free':(\d+)")]
    private static partial Regex Free();

    [GeneratedRegex(@"os\.truncate\(constants\.HF_HUB_CACHE\+'/([^']+)',(\d+)\)")]
    private static partial Regex Truncate();

    [GeneratedRegex(@"os\.remove\(constants\.HF_HUB_CACHE\+'/([^']+)'\)")]
    private static partial Regex Remove();

    [GeneratedRegex(@"^constants\.DOWNLOAD_CHUNK_SIZE=\d+\s*$")]
    private static partial Regex ChunkOnly();
}
