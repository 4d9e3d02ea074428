using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Hub;

/// <summary>Where a hub is, where its files go, and how long it is waited for: options first, then variables, then defaults.</summary>
internal sealed record HubSettings
{
    public const string PublicEndpoint = "https://huggingface.co";

    private const int DefaultTimeoutSeconds = 10;

    /// <summary>The hub's address, without a slash at its end.</summary>
    public required string Endpoint { get; init; }

    public required string Cache { get; init; }

    public HubToken? Token { get; init; }

    /// <summary>The variable that forbids to use the network, or <see langword="null"/>.</summary>
    public string? OfflineVariable { get; init; }

    /// <summary>Whether the cache may hold links.</summary>
    public bool AllowLinks { get; init; } = true;

    /// <summary>The longest wait for the head of an answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(DefaultTimeoutSeconds);

    /// <summary>The same for what has failed once.</summary>
    public TimeSpan PatientTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait for further bytes of a body.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(DefaultTimeoutSeconds);

    public int Connections { get; init; } = 8;

    public HubDisk Disk { get; init; } = new();

    /// <summary>Waits between two tries.</summary>
    public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

    /// <summary>Settings from options and this process's variables.</summary>
    public static HubSettings Read(ModelHubOptions options) =>
        Read(options, Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>As <see cref="Read(ModelHubOptions)"/>, for an environment and a home folder.</summary>
    /// <exception cref="ArgumentException">An option or a variable has a value that it cannot have.</exception>
    public static HubSettings Read(ModelHubOptions options, Func<string, string?> variable, string home)
    {
        const int mostConnections = 64;
        if (options.Connections is < 1 or > mostConnections)
        {
            throw new ArgumentException(
                $"{nameof(ModelHubOptions.Connections)} is {options.Connections}; 1 to {mostConnections} were expected.",
                nameof(options)
            );
        }

        string offline = Value("HF_HUB_OFFLINE") is null ? "TRANSFORMERS_OFFLINE" : "HF_HUB_OFFLINE";
        return new HubSettings
        {
            Endpoint = RequireEndpoint(options.Endpoint ?? Value("HF_ENDPOINT") ?? PublicEndpoint),
            Cache = Path.GetFullPath(options.CacheFolder ?? HubCacheFolder.Find(variable, home)),
            Token = FindToken(options.Token, variable, home),
            OfflineVariable = IsSet(offline) ? offline : null,
            AllowLinks = !IsSet("HF_HUB_DISABLE_SYMLINKS"),
            AnswerTimeout = Seconds("HF_HUB_ETAG_TIMEOUT"),
            BodyTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT"),
            Connections = options.Connections,
        };

        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;

        bool IsSet(string name) => IsTrue(variable(name));

        TimeSpan Seconds(string name) =>
            TimeSpan.FromSeconds(int.TryParse(variable(name), out int seconds) && seconds > 0 ? seconds : DefaultTimeoutSeconds);
    }

    /// <summary>Whether the value of a variable means yes.</summary>
    public static bool IsTrue(string? value) => value?.Trim().ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static string RequireEndpoint(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.Query.Length == 0
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0
            ? endpoint.TrimEnd('/')
            : throw new ArgumentException(
                $"'{endpoint}' cannot be a hub's address (HF_ENDPOINT); one such as {PublicEndpoint} was expected."
            );

    private static HubToken? FindToken(string? given, Func<string, string?> variable, string home)
    {
        if (given is not null)
        {
            return Checked(given, "the token that was given");
        }

        if (IsTrue(variable("HF_HUB_DISABLE_IMPLICIT_TOKEN")))
        {
            return null;
        }

        return FromVariable("HF_TOKEN") ?? FromVariable("HUGGING_FACE_HUB_TOKEN") ?? FromFile(HubCacheFolder.TokenPath(variable, home));

        HubToken? FromVariable(string name) => Checked(variable(name), $"the token in the variable {name}");
    }

    private static HubToken? FromFile(string path)
    {
        try
        {
            return File.Exists(path) ? Checked(File.ReadAllText(path), $"the token in {path}") : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static HubToken? Checked(string? value, string origin)
    {
        string token = value?.Trim() ?? "";
        return token.Length == 0 ? null
            : token.All(character => character is > ' ' and < '\x7F') ? new HubToken(token, origin)
            : throw new ArgumentException($"{char.ToUpperInvariant(origin[0])}{origin[1..]} holds characters that no token has.");
    }
}
