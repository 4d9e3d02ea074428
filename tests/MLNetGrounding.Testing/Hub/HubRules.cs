using System.Text.Json;

namespace MLNetGrounding.Testing.Hub;

/// <summary>How a made-up hub behaves; the names are those of the recorded scenarios.</summary>
public sealed record HubRules
{
    /// <summary>What the n-th GET of a file's content does.</summary>
    public Dictionary<string, List<HubGetRule>> Get { get; init; } = new(StringComparer.Ordinal);

    public bool IgnoreRange { get; init; }

    /// <summary>"bits": the first byte inverted; "short": the last 100 bytes missing; "long": 100 more.</summary>
    public Dictionary<string, string> Corrupt { get; init; } = new(StringComparer.Ordinal);

    public bool Direct { get; init; }

    public bool Gzip { get; init; }

    public bool SameHost { get; init; }

    public bool SameHostCommit { get; init; }

    public bool NoLinked { get; init; }

    public bool Xet { get; init; }

    public int? Page { get; init; }

    /// <summary>Whether pages link to the first one too.</summary>
    public bool LinksToFirst { get; init; }

    public Dictionary<string, string> Refs { get; init; } = new(StringComparer.Ordinal);

    public bool Gated { get; init; }

    public bool Disabled { get; init; }

    public bool BadToken { get; init; }

    /// <summary>A portal: whatever is asked, a page without a hub's headers.</summary>
    public bool NoCommit { get; init; }

    public bool Down { get; init; }

    /// <summary>"401": what is unknown is answered as the public hub answers strangers.</summary>
    public string? NoRepo { get; init; }

    public string? RenamedFrom { get; init; }

    /// <summary>The statuses of the first HEADs.</summary>
    public List<int> HeadStatus { get; init; } = [];

    public TimeSpan Delay { get; init; }

    public TimeSpan SlowHead { get; init; }

    /// <summary>How long the n-th GET of a file waits before its first byte.</summary>
    public Dictionary<string, List<TimeSpan>> Stall { get; init; } = new(StringComparer.Ordinal);

    /// <summary>A warning that every answer carries.</summary>
    public string? Warning { get; init; }

    /// <summary>GETs of the store are held until so many are there at once.</summary>
    public int Gather { get; init; }

    /// <summary>Reads recorded rules; times are divided by 10, so that nobody waits.</summary>
    public static HubRules Read(JsonElement? recorded)
    {
        if (recorded is not { } rules)
        {
            return new HubRules();
        }

        return new HubRules
        {
            Get = Lists(
                rules,
                "get",
                item => new HubGetRule
                {
                    Cut = item.TryGetProperty("cut", out JsonElement cut) ? cut.GetInt32() : null,
                    IsReset = item.TryGetProperty("how", out JsonElement how) && how.GetString() == "reset",
                    Status = item.TryGetProperty("status", out JsonElement status) ? status.GetInt32() : null,
                    Headers = item.TryGetProperty("headers", out JsonElement headers)
                        ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!)
                        : [],
                    Body = item.TryGetProperty("body", out JsonElement body) ? body.GetString()! : "",
                }
            ),
            IgnoreRange = Flag("ignore_range"),
            Corrupt = Texts("corrupt"),
            Direct = Flag("direct"),
            Gzip = Flag("gzip"),
            SameHost = Flag("same_host"),
            SameHostCommit = Flag("same_host_commit"),
            NoLinked = Flag("no_linked"),
            Xet = Flag("xet"),
            Page = rules.TryGetProperty("page", out JsonElement page) ? page.GetInt32() : null,
            Refs = Texts("refs"),
            Gated = Flag("gated"),
            Disabled = Flag("disabled"),
            BadToken = Flag("badtoken"),
            NoCommit = Flag("nocommit"),
            Down = Flag("down"),
            NoRepo = rules.TryGetProperty("norepo", out JsonElement none) ? none.GetString() : null,
            RenamedFrom = rules.TryGetProperty("renamed_from", out JsonElement old) ? old.GetString() : null,
            HeadStatus = rules.TryGetProperty("head_status", out JsonElement statuses)
                ? [.. statuses.EnumerateArray().Select(status => status.GetInt32())]
                : [],
            Delay = Seconds("delay"),
            SlowHead = Seconds("slow_head"),
            Stall = Lists(rules, "stall", item => TimeSpan.FromSeconds(item.GetDouble() / 10)),
        };

        bool Flag(string name) => rules.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

        TimeSpan Seconds(string name) =>
            rules.TryGetProperty(name, out JsonElement value) ? TimeSpan.FromSeconds(value.GetDouble() / 10) : default;

        Dictionary<string, string> Texts(string name) =>
            rules.TryGetProperty(name, out JsonElement value)
                ? value.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!)
                : [];
    }

    private static Dictionary<string, List<T>> Lists<T>(JsonElement rules, string name, Func<JsonElement, T> read) =>
        rules.TryGetProperty(name, out JsonElement value)
            ? value.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.EnumerateArray().Select(read).ToList())
            : [];
}
