using System.Text.Json;
using MLNetGrounding.Testing.Hub;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>What was recorded of Hugging Face's client: scenarios, the repository behind them, and the caches that they left.</summary>
internal sealed class Recording
{
    private readonly IReadOnlyDictionary<string, string[]> _caches;
    private readonly string _treeText;

    private Recording(string folder, string root)
    {
        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "exchanges.json"))).RootElement;
        Scenarios = [.. json.GetProperty("scenarios").EnumerateArray().Select(scenario => new RecordedScenario(scenario))];
        Bodies = json.GetProperty("json bodies");
        Repository = ReadRepository(json.GetProperty("repository"), root);
        _caches = CacheTree.Read(Path.Combine(folder, "cache.txt"));
        string text = File.ReadAllText(Path.Combine(folder, "cache.txt"));
        int start = text.IndexOf("\n{\n \"format_version\"", StringComparison.Ordinal) + 1;
        _treeText = text[start..(text.IndexOf("\n}\n", start, StringComparison.Ordinal) + 2)];
    }

    public IReadOnlyList<RecordedScenario> Scenarios { get; }

    public JsonElement Bodies { get; }

    public HubRepository Repository { get; }

    /// <summary>The listing that Python's client keeps of the first commit, as it writes it.</summary>
    public string TreeText => _treeText;

    public static Recording Read(string root) => new(Path.Combine(root, "hub"), root);

    /// <summary>The lines of the cache that a scenario left, or <see langword="null"/> where none were recorded.</summary>
    public string[]? Cache(string scenario) => _caches.GetValueOrDefault(scenario);

    /// <summary>Makes the cache that a scenario left.</summary>
    public void MakeCache(string scenario, string home) => CacheTree.Make(home, _caches[scenario], Content);

    /// <summary>Makes the unfinished files that a scenario found and left.</summary>
    public void MakeLeftOvers(string scenario, string home)
    {
        string[] left = [.. (Cache(scenario) ?? []).Where(line => line.Contains(".incomplete ", StringComparison.Ordinal))];
        CacheTree.Make(home, left, Content);
    }

    private byte[] Content(string path, int size)
    {
        string name = Path.GetFileName(path);
        HubRepositoryFile[] all = [.. Repository.Commits.Values.SelectMany(files => files)];
        byte[]? found =
            size == 0 ? []
            : name == "CACHEDIR.TAG" ? new byte[size]
            : path.Contains("/trees/", StringComparison.Ordinal) ? System.Text.Encoding.UTF8.GetBytes(_treeText)
            : all.FirstOrDefault(file =>
                file.ContentId == name || file.GitId == name || name.StartsWith(file.ContentId, StringComparison.Ordinal)
            )?.Content
                ?? Repository
                    .Commits.First(commit => path.Contains(commit.Key, StringComparison.Ordinal))
                    .Value.First(file => path.EndsWith($"/{file.Path}", StringComparison.Ordinal))
                    .Content;
        if (name.EndsWith(".incomplete", StringComparison.Ordinal))
        {
            found = found[..size];
        }

        Assert.AreEqual(size, found.Length, path);
        return found;
    }

    private static HubRepository ReadRepository(JsonElement json, string root)
    {
        Dictionary<string, IReadOnlyList<HubRepositoryFile>> commits = new(StringComparer.Ordinal);
        foreach (JsonProperty commit in json.GetProperty("commits").EnumerateObject())
        {
            if (commit.Value.ValueKind == JsonValueKind.Array)
            {
                commits[commit.Name] = [.. commit.Value.EnumerateArray().Select(file => ReadFile(file, root))];
            }
            else if (commit.Value.ValueKind == JsonValueKind.String)
            {
                string changed = commit.Value.GetString()!["the same but ".Length..];
                HubRepositoryFile other = ReadFile(json.GetProperty("commits").GetProperty($"{changed} of the second commit"), root);
                commits[commit.Name] = [.. commits.First().Value.Select(file => file.Path == changed ? other : file)];
            }
        }

        return new HubRepository
        {
            Id = json.GetProperty("id").GetString()!,
            Refs = json.GetProperty("refs").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!),
            Commits = commits,
        };
    }

    private static HubRepositoryFile ReadFile(JsonElement json, string root)
    {
        byte[] content =
            json.TryGetProperty("text", out JsonElement text) ? System.Text.Encoding.UTF8.GetBytes(text.GetString()!)
            : json.TryGetProperty("text repeated", out JsonElement repeated)
                ? System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated[0].GetString(), repeated[1].GetInt32())))
            : File.ReadAllBytes(Path.Combine(root, json.GetProperty("content").GetString()!));
        HubRepositoryFile file = new(json.GetProperty("path").GetString()!, content, json.TryGetProperty("sha256", out JsonElement sha256))
        {
            XetHash = json.TryGetProperty("xet hash when announced", out JsonElement xet) ? xet.GetString() : null,
        };
        Assert.AreEqual(json.GetProperty("git oid").GetString(), file.GitId, file.Path);
        Assert.AreEqual(sha256.ValueKind == JsonValueKind.String ? sha256.GetString() : null, file.Sha256, file.Path);
        return file;
    }
}
