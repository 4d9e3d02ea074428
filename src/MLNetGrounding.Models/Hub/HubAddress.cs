namespace MLNetGrounding.Models.Hub;

/// <summary>Addresses of a hub, and which servers belong to it.</summary>
internal sealed class HubAddress
{
    /// <summary>Hosts that one hub answers under: what is sent to one may be sent to the other.</summary>
    private static readonly string[] PublicHosts = ["huggingface.co", "hf.co", "hub-ci.huggingface.co"];

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Uri _endpoint;
    private readonly string _prefix;

    public HubAddress(string endpoint)
    {
        _prefix = endpoint;
        _endpoint = new Uri(endpoint);
    }

    /// <summary>What the hub says of a model's revision.</summary>
    public Uri Info(string model, string revision) => Make($"{_prefix}/api/models/{model}/revision/{Uri.EscapeDataString(revision)}");

    /// <summary>The list of a commit's files.</summary>
    public Uri Tree(string model, string commit) => Make($"{_prefix}/api/models/{model}/tree/{commit}?recursive=true&expand=false");

    /// <summary>A file of a commit.</summary>
    public Uri File(string model, string commit, string path) =>
        Make($"{_prefix}/{model}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>The page where a model's terms are accepted.</summary>
    public string Page(string model) => $"{_prefix}/{model}";

    /// <summary>Whether an address is the hub's own, so that the token goes there and redirects to it are followed.</summary>
    public bool IsOwn(Uri address) =>
        (
            address.Scheme == _endpoint.Scheme
            && address.Port == _endpoint.Port
            && address.Host.Equals(_endpoint.Host, StringComparison.OrdinalIgnoreCase)
        )
        || (
            address.Scheme == Uri.UriSchemeHttps
            && address.IsDefaultPort
            && PublicHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>Where a redirect leads, its path and query as they were written: signatures are computed over them.</summary>
    /// <returns>The address, or <see langword="null"/> where it is none that may be asked.</returns>
    public static Uri? Follow(Uri from, string location)
    {
        bool isPlain = location.All(character => character is > ' ' and < '\x7F');
        string absolute =
            location.StartsWith("//", StringComparison.Ordinal) ? $"{from.Scheme}:{location}"
            : location.StartsWith('/') ? from.GetLeftPart(UriPartial.Authority) + location
            : location;
        Uri? target =
            isPlain && Uri.TryCreate(absolute, AsWritten, out Uri? written) && written.IsAbsoluteUri ? written
            : Uri.TryCreate(from, location, out Uri? combined) ? combined
            : null;

        // Never from https to http: what is asked there could be read and changed on the way.
        return
            target is not null
            && (target.Scheme == Uri.UriSchemeHttps || (target.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp))
            ? target
            : null;
    }

    private static Uri Make(string address) => new(address, AsWritten);
}
