namespace MLNetGrounding.Testing.Hub;

/// <summary>A request that a made-up hub was sent.</summary>
/// <param name="Server">"hub" or "cdn", which is the store of large files.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="Headers">By name, any case.</param>
public sealed record HubRequest(string Server, string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
