using MLNetGrounding.Models.Hub;
using MLNetGrounding.Testing;
using MLNetGrounding.Testing.Hub;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>A made-up hub, a cache folder, and our client between them, whose waits take no time and are noted.</summary>
internal sealed class HubCase : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HubCase(HubRepository repository, HubRules? rules = null)
    {
        Repository = repository;
        Server = new HubServer(repository, rules);
    }

    public HubRepository Repository { get; }

    /// <summary>The present hub; <see cref="Restart"/> takes another.</summary>
    public HubServer Server { get; private set; }

    public string Cache => Path.Combine(_folder.Path, "hub");

    public string ModelFolder => Path.Combine(Cache, $"models--{Repository.Id.Replace("/", "--", StringComparison.Ordinal)}");

    public string Snapshot => Path.Combine(ModelFolder, "snapshots", HubRepository.FirstCommit);

    /// <summary>How long the client waited before it tried again.</summary>
    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Called at every wait.</summary>
    public Action Waiting { get; set; } = () => { };

    public Dictionary<string, string> Variables { get; } = [];

    public TestDisk Disk { get; set; } = new();

    public List<ModelDownloadProgress> Reports { get; } = [];

    /// <summary>Called at every report.</summary>
    public Action<ModelDownloadProgress> Reported { get; set; } = _ => { };

    public static HubRepositoryFile Large(string path, int size, int seed = 1)
    {
        byte[] content = new byte[size];
        new Random(seed).NextBytes(content);
        return new HubRepositoryFile(path, content, isLarge: true);
    }

    /// <summary>A repository that holds what our client needs: settings, two shards and their index.</summary>
    public static HubRepository Sharded(params HubRepositoryFile[] others) =>
        HubRepository.Of([
            new("config.json", "{}"),
            new("model.safetensors.index.json", """{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}"""),
            Large("model-1.safetensors", 100_000, 1),
            Large("model-2.safetensors", 50_000, 2),
            .. others,
        ]);

    /// <summary>Ends the hub and starts one that behaves otherwise.</summary>
    public void Restart(HubRules? rules = null)
    {
        Server.Dispose();
        Server = new HubServer(Repository, rules);
    }

    public Task<ModelDownload> PlanAsync(string? model = null, string revision = "main") =>
        Downloader().PlanAsync(model ?? Repository.Id, revision, CancellationToken.None);

    public async Task<string> GetAsync(string revision = "main", CancellationToken cancellationToken = default)
    {
        ModelDownload plan = await PlanAsync(null, revision);
        return await ModelHub.GetAsync(plan, new Listener(this), cancellationToken);
    }

    public async Task<ModelHubException> FailsAsync(ModelHubError error, params string[] said)
    {
        ModelHubException exception = await Assert.ThrowsExactlyAsync<ModelHubException>(() => GetAsync());
        Assert.AreEqual(error, exception.Error, exception.ToString());
        foreach (string text in said)
        {
            StringAssert.Contains(exception.Message, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hf_secret", exception.ToString(), "No message holds a token.");
        return exception;
    }

    /// <summary>Every file of the snapshot has the content that the repository gives it.</summary>
    public void IsComplete(params string[] paths)
    {
        string[] found =
        [
            .. Directory
                .EnumerateFiles(Snapshot, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Snapshot, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
        CollectionAssert.AreEqual(paths.Order(StringComparer.Ordinal).ToArray(), found);
        foreach (string path in paths)
        {
            CollectionAssert.AreEqual(Repository.File(path).Content, File.ReadAllBytes(Path.Combine(Snapshot, path)), path);
        }
    }

    /// <summary>The GETs of one file's content.</summary>
    public IReadOnlyList<HubRequest> Gets(string path)
    {
        HubRepositoryFile file = Repository.File(path);
        return
        [
            .. Server.Requests.Where(request =>
                request.Method == "GET" && request.Target.StartsWith($"/cdn/{file.Sha256}", StringComparison.Ordinal)
            ),
        ];
    }

    public HubSettings Settings()
    {
        Variables["HF_ENDPOINT"] = Server.Address;
        Variables["HF_HUB_CACHE"] = Cache;
        return HubSettings.Read(new ModelHubOptions(), Variables.GetValueOrDefault, _folder.Path) with
        {
            AnswerTimeout = TimeSpan.FromSeconds(60),
            BodyTimeout = TimeSpan.FromSeconds(60),
            Disk = Disk,
            Delay = (wait, _) =>
            {
                lock (Waits)
                {
                    Waits.Add(wait);
                }

                Waiting();
                return Task.CompletedTask;
            },
        };
    }

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }

    private HubDownloader Downloader() => new(Settings(), new CheckpointChoice());

    private sealed class Listener(HubCase owner) : IProgress<ModelDownloadProgress>
    {
        public void Report(ModelDownloadProgress value)
        {
            owner.Reports.Add(value);
            owner.Reported(value);
        }
    }
}
