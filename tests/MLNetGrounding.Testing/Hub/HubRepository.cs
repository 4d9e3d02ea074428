namespace MLNetGrounding.Testing.Hub;

/// <summary>A model on a made-up hub.</summary>
public sealed class HubRepository
{
    public const string FirstCommit = "a63b3a440d34a42168e949f527554da1c3ecc932";

    public required string Id { get; init; }

    public Dictionary<string, string> Refs { get; init; } = new(StringComparer.Ordinal) { ["main"] = FirstCommit };

    public required Dictionary<string, IReadOnlyList<HubRepositoryFile>> Commits { get; init; }

    public string? License { get; init; } = "apache-2.0";

    public string? ModelType { get; init; } = "llava";

    /// <summary>A repository of one commit.</summary>
    public static HubRepository Of(params HubRepositoryFile[] files) =>
        new()
        {
            Id = "demo-lab/tiny",
            Commits = new(StringComparer.Ordinal) { [FirstCommit] = files },
        };

    public HubRepositoryFile File(string path) => Commits[FirstCommit].First(file => file.Path == path);
}
