using System.Globalization;
using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Testing.Hub;

namespace MLNetGrounding.Models.Tests.Hub;

[TestClass]
public sealed class ModelHubTests
{
    private const string First = "model-1.safetensors";
    private const string Second = "model-2.safetensors";

    private static readonly string[] Needed = ["config.json", "model.safetensors.index.json", First, Second];

    [TestMethod]
    public async Task OnlyWhatIsNeededIsFetched()
    {
        using HubCase hub = new(
            HubCase.Sharded(
                new("README.md", "license"),
                new(".gitattributes", "x"),
                new("tokenizer.json", "{}"),
                new("grounding.json", "{}"),
                new("additional_chat_templates/tools.jinja", "t"),
                new("notes/tokenizer.json", "{}"),
                HubCase.Large("pytorch_model.bin", 10),
                HubCase.Large("consolidated.safetensors", 10),
                HubCase.Large("onnx/model.onnx", 10),
                HubCase.Large("original/model.safetensors", 10)
            )
        );
        await hub.GetAsync();
        hub.IsComplete([.. Needed, "tokenizer.json", "grounding.json", "additional_chat_templates/tools.jinja"]);
    }

    [TestMethod]
    public async Task OneFileOfWeightsIsTakenBeforeShards()
    {
        using HubCase hub = new(HubCase.Sharded(HubCase.Large("model.safetensors", 20)));
        await hub.GetAsync();
        hub.IsComplete("config.json", "model.safetensors");
    }

    [TestMethod]
    public async Task APlanTellsLicenseAndSizesAndWritesNothing()
    {
        using HubCase hub = new(HubCase.Sharded());
        ModelDownload plan = await hub.PlanAsync();
        Assert.AreEqual("apache-2.0", plan.License);
        Assert.AreEqual(HubRepository.FirstCommit, plan.Commit);
        Assert.IsTrue(plan.IsSupported);
        Assert.IsFalse(plan.IsGated);
        Assert.AreEqual(Needed.Sum(path => (long)hub.Repository.File(path).Content.Length), plan.Size);
        Assert.AreEqual(plan.Size, plan.MissingSize);
        Assert.AreEqual(hub.Snapshot, plan.Folder);
        Assert.IsFalse(Directory.Exists(hub.Cache));
        await ModelHub.GetAsync(plan);
        Assert.AreEqual(0, (await hub.PlanAsync()).MissingSize);
    }

    [TestMethod]
    public async Task ATypeThatCannotBeOpenedIsToldBefore()
    {
        HubRepository repository = HubCase.Sharded();
        using HubCase hub = new(
            new HubRepository
            {
                Id = repository.Id,
                Commits = repository.Commits,
                ModelType = "gpt2",
                License = null,
            }
        );
        ModelDownload plan = await hub.PlanAsync();
        Assert.IsFalse(plan.IsSupported);
        Assert.IsNull(plan.License);
    }

    [TestMethod]
    public async Task WhatABrokenLineLeavesIsContinuedInTheSameRun()
    {
        using HubCase hub = new(HubCase.Sharded(), Gets(First, new() { Cut = 30_000 }, new() { Cut = 20_000, IsReset = true }));
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.HasCount(3, hub.Gets(First));
        Assert.AreEqual("bytes=30000-", hub.Gets(First)[1].Header("Range"));

        // What a reset leaves of the bytes before it is the system's choice.
        int from = int.Parse(hub.Gets(First)[2].Header("Range")!["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        Assert.IsTrue(from is >= 30_000 and <= 50_000, $"{from}");
    }

    [TestMethod]
    public async Task WhatABrokenLineLeavesIsContinuedByALaterRun()
    {
        HubGetRule nothing = new() { Cut = 0 };
        using HubCase hub = new(
            HubCase.Sharded(),
            Gets(First, new() { Cut = 30_000 }, nothing, nothing, nothing, nothing, nothing, nothing)
        );
        await hub.FailsAsync(ModelHubError.Unreachable, First, "30.0 kB of 100.0 kB", "goes on from there");
        CollectionAssert.AreEqual(Seconds(1, 2, 4, 8, 8).ToArray(), hub.Waits);
        hub.Restart();
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.AreEqual("bytes=30000-", hub.Gets(First).Single().Header("Range"));
        Assert.IsEmpty(Directory.GetFiles(hub.ModelFolder, "*.incomplete", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task OfTheLinksOfAPageTheNextOneIsFollowed()
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Page = 2, LinksToFirst = true });
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.AreEqual(2, hub.Server.Requests.Count(request => request.Target.Contains("/tree/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task ALineThatBreaksAgainAndAgainIsContinuedWhileItGoesOn()
    {
        using HubCase hub = new(HubCase.Sharded(), Gets(First, [.. Enumerable.Range(0, 9).Select(_ => new HubGetRule { Cut = 10_000 })]));
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.HasCount(10, hub.Gets(First));
        CollectionAssert.AreEqual(Enumerable.Repeat(TimeSpan.FromSeconds(1), 9).ToArray(), hub.Waits);
    }

    [TestMethod]
    public async Task WhatIsLongerThanListedIsNotReadToItsEnd()
    {
        HubRules rules = Gets(First, new HubGetRule { IsOpen = true }) with { Corrupt = new() { [First] = "long" } };
        using HubCase hub = new(HubCase.Sharded(), rules);
        await hub.FailsAsync(ModelHubError.Damaged, First, "100000 bytes were expected, more came");
        Assert.IsFalse(File.Exists(PartialPath(hub, First)));
    }

    [TestMethod]
    public async Task WhatComesEncodedIsRefused()
    {
        HubGetRule rule = new() { Headers = new() { ["Content-Encoding"] = "gzip" } };
        using HubCase hub = new(HubCase.Sharded(), Gets(First, rule));
        await hub.FailsAsync(ModelHubError.Damaged, First, "it came encoded (gzip), which was not asked for");
        Assert.IsFalse(File.Exists(PartialPath(hub, First)));
    }

    [TestMethod]
    public async Task ALeftOverOfAnotherContentIsFetchedAnew()
    {
        using HubCase hub = new(HubCase.Sharded());
        string partial = Partial(hub, First);
        File.WriteAllBytes(partial, new byte[500]);
        await hub.GetAsync();
        hub.IsComplete(Needed);
        CollectionAssert.AreEqual(new[] { "bytes=500-", null }, hub.Gets(First).Select(request => request.Header("Range")).ToArray());
    }

    [TestMethod]
    public async Task ALeftOverIsNeverWrittenThroughALink()
    {
        using HubCase hub = new(HubCase.Sharded());
        string outside = Path.Combine(hub.Cache, "precious");
        string partial = Partial(hub, First);
        File.WriteAllText(outside, "precious");
        File.CreateSymbolicLink(partial, outside);
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.AreEqual("precious", File.ReadAllText(outside));
    }

    [TestMethod]
    public async Task AServerThatIgnoresRangesIsReadFromTheStart()
    {
        using HubCase hub = new(HubCase.Sharded(), Gets(First, new HubGetRule { Cut = 30_000 }) with { IgnoreRange = true });
        await hub.GetAsync();
        hub.IsComplete(Needed);
        ModelDownloadProgress last = hub.Reports[^1];
        Assert.AreEqual(last.TotalBytes, last.Bytes);
    }

    [TestMethod]
    public async Task FaultsAreTriedAgainAfterAsLongAsTheServerAsks()
    {
        using HubCase hub = new(
            HubCase.Sharded(),
            Gets(
                First,
                new() { Status = 503 },
                new()
                {
                    Status = 429,
                    Headers = new() { ["Retry-After"] = "7" },
                },
                new()
                {
                    Status = 429,
                    Headers = new() { ["RateLimit"] = "\"resolvers\";r=0;t=55" },
                },
                new()
                {
                    Status = 429,
                    Headers = new() { ["Retry-After"] = "100000" },
                }
            )
        );
        await hub.GetAsync();
        hub.IsComplete(Needed);
        CollectionAssert.AreEqual(Seconds(1, 8, 56, 301).ToArray(), hub.Waits);
    }

    [TestMethod]
    public async Task AnAddressThatExpiredIsAskedForAgain()
    {
        using HubCase hub = new(HubCase.Sharded(), Gets(First, new HubGetRule { Status = 403 }));
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.AreEqual(
            2,
            hub.Server.Requests.Count(request => request.Method == "HEAD" && request.Target.EndsWith(First, StringComparison.Ordinal))
        );
    }

    [TestMethod]
    [DataRow("bits", "found")]
    [DataRow("short", "99900 are stated")]
    public async Task WhatArrivesWrongIsRefusedAndNotKept(string how, string said)
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Corrupt = new() { [First] = how } });
        await hub.FailsAsync(
            ModelHubError.Damaged,
            First,
            said,
            how == "bits" ? hub.Repository.File(First).Sha256! : "100000 bytes were expected"
        );
        Assert.IsFalse(File.Exists(Path.Combine(hub.Snapshot, First)));
        Assert.IsFalse(File.Exists(Path.Combine(hub.ModelFolder, "blobs", hub.Repository.File(First).ContentId)));
        Assert.IsFalse(File.Exists(PartialPath(hub, First)));
        hub.Restart();
        await hub.GetAsync();
        hub.IsComplete(Needed);
    }

    [TestMethod]
    public async Task ASmallFileIsComparedWithItsGitId()
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Corrupt = new() { ["config.json"] = "bits" } });
        await hub.FailsAsync(ModelHubError.Damaged, "config.json", hub.Repository.File("config.json").GitId);
    }

    [TestMethod]
    public async Task ACachedFileOfAnotherLengthIsFetchedAgain()
    {
        using HubCase hub = new(HubCase.Sharded());
        await hub.GetAsync();
        File.WriteAllText(Path.Combine(hub.ModelFolder, "blobs", hub.Repository.File(First).ContentId), "short");
        hub.Restart();
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.HasCount(1, hub.Gets(First));
        Assert.IsEmpty(hub.Gets(Second));
    }

    [TestMethod]
    public async Task AContentInTheSharedStoreIsUsedAndNeverWrittenThrough()
    {
        using HubCase hub = new(HubCase.Sharded());
        string store = Path.Combine(hub.Cache, "blobs", "36");
        Directory.CreateDirectory(store);
        Directory.CreateDirectory(Path.Combine(hub.ModelFolder, "blobs"));
        foreach ((string path, byte[] content) in new[] { (First, hub.Repository.File(First).Content), (Second, new byte[3]) })
        {
            string shared = Path.Combine(store, path);
            File.WriteAllBytes(shared, content);
            string blob = Path.Combine(hub.ModelFolder, "blobs", hub.Repository.File(path).ContentId);
            File.CreateSymbolicLink(blob, Path.Combine("..", "..", "blobs", "36", path));
        }

        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.IsEmpty(hub.Gets(First));
        Assert.HasCount(3, File.ReadAllBytes(Path.Combine(store, Second)));
    }

    [TestMethod]
    public async Task WithoutLinksTheFilesLieInTheSnapshot()
    {
        using HubCase hub = new(HubCase.Sharded()) { Disk = new TestDisk { HasLinks = false } };
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(hub.ModelFolder, "blobs")));
        Assert.IsTrue(Directory.EnumerateFiles(hub.Snapshot).All(path => new FileInfo(path).LinkTarget is null));
    }

    [TestMethod]
    public async Task AFullDiskIsToldBefore()
    {
        using HubCase hub = new(HubCase.Sharded()) { Disk = new TestDisk { Free = 120_000 } };
        await hub.FailsAsync(ModelHubError.DiskFull, "150.1 kB", "120.0 kB free", hub.Cache, "HF_HUB_CACHE");
        Assert.IsFalse(Directory.Exists(hub.Cache));

        // What is there already needs no room.
        File.WriteAllBytes(Partial(hub, First), hub.Repository.File(First).Content[..40_000]);
        await hub.GetAsync();
        hub.IsComplete(Needed);
    }

    [TestMethod]
    public async Task ADiskThatBecomesFullKeepsNothingOfTheFile()
    {
        using HubCase hub = new(HubCase.Sharded()) { Disk = new TestDisk { FullAfter = 60_000 } };
        await hub.FailsAsync(ModelHubError.DiskFull, First, hub.Cache);
        Assert.IsFalse(File.Exists(PartialPath(hub, First)));
    }

    [TestMethod]
    public async Task ShardsArriveSideBySide()
    {
        // The store answers only when both are asked for.
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Gather = 2 });
        await hub.GetAsync();
        hub.IsComplete(Needed);
    }

    [TestMethod]
    public async Task TwoDownloadsAtOnceFetchEachFileOnce()
    {
        using HubCase hub = new(HubCase.Sharded());
        Task<string>[] both = [Task.Run(() => hub.GetAsync()), Task.Run(() => hub.GetAsync())];
        await Task.WhenAll(both);
        hub.IsComplete(Needed);
        Assert.HasCount(1, hub.Gets(First));
        Assert.HasCount(1, hub.Gets(Second));
    }

    [TestMethod]
    public async Task AnotherProcesssLockIsWaitedFor()
    {
        using HubCase hub = new(HubCase.Sharded());
        string path = Path.Combine(hub.Cache, ".locks", Path.GetFileName(hub.ModelFolder), hub.Repository.File(First).ContentId + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStream held = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        int waits = 0;
        hub.Waiting = () =>
        {
            if (Interlocked.Increment(ref waits) == 3)
            {
                held.Dispose();
            }
        };
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.AreEqual(3, waits);
        Assert.AreEqual(1, hub.Reports.Count(report => report.Message?.Contains("waiting", StringComparison.Ordinal) == true));
        Assert.IsTrue(File.Exists(path));
    }

    [TestMethod]
    public async Task ACanceledDownloadIsContinued()
    {
        // The first shard does not come before the second has.
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Stall = new() { [First] = [TimeSpan.FromHours(1)] } });
        using CancellationTokenSource cancel = new();
        hub.Reported = report =>
        {
            if (report.Files == 3)
            {
                cancel.Cancel();
            }
        };
        await Assert.ThrowsAsync<OperationCanceledException>(() => hub.GetAsync(cancellationToken: cancel.Token));
        Assert.IsFalse(File.Exists(Path.Combine(hub.Snapshot, First)));
        hub.Reported = _ => { };
        hub.Restart();
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.IsEmpty(hub.Gets(Second));
    }

    [TestMethod]
    public async Task ProgressEndsWithAllBytesAndFiles()
    {
        using HubCase hub = new(HubCase.Sharded());
        await hub.GetAsync();
        ModelDownloadProgress last = hub.Reports[^1];
        Assert.AreEqual(4, last.Files);
        Assert.AreEqual(4, last.TotalFiles);
        Assert.AreEqual(last.TotalBytes, last.Bytes);
        Assert.IsTrue(hub.Reports.Zip(hub.Reports.Skip(1)).All(pair => pair.First.Bytes <= pair.Second.Bytes));
    }

    [TestMethod]
    public async Task ABranchLeadsToCompleteFilesWhileNewOnesAreFetched()
    {
        const string next = "46aebcc60d4e0c4dacc2f318fcfcdcefe4028a64";
        HubRepository repository = HubCase.Sharded();
        repository.Commits[next] =
        [
            .. repository.Commits[HubRepository.FirstCommit].Where(file => file.Path != First),
            HubCase.Large(First, 70_000, 9),
        ];
        using HubCase hub = new(repository);
        await hub.GetAsync();
        repository.Refs["main"] = next;
        hub.Restart(new HubRules { Corrupt = new() { [First] = "bits" } });
        await hub.FailsAsync(ModelHubError.Damaged, First);
        Assert.AreEqual(hub.Snapshot, CheckpointContents.Locate(repository.Id, hub.Cache));
        hub.Restart();
        string folder = await hub.GetAsync();
        Assert.AreEqual(folder, CheckpointContents.Locate(repository.Id, hub.Cache));
        Assert.AreEqual(next, Path.GetFileName(folder));
        Assert.IsEmpty(hub.Gets(Second));
    }

    [TestMethod]
    public async Task ACompleteCommitAsksNothing()
    {
        using HubCase hub = new(HubCase.Sharded());
        await hub.GetAsync(HubRepository.FirstCommit);
        hub.Restart();
        Assert.AreEqual(hub.Snapshot, await hub.GetAsync(HubRepository.FirstCommit));
        Assert.IsEmpty(hub.Server.Requests);
        Assert.IsFalse(Directory.Exists(Path.Combine(hub.ModelFolder, "refs")));
    }

    [TestMethod]
    public async Task OfflineNothingIsAskedAndWhatIsMissingIsNamed()
    {
        using HubCase hub = new(HubCase.Sharded());
        hub.Variables["TRANSFORMERS_OFFLINE"] = "1";
        await hub.FailsAsync(ModelHubError.Offline, "TRANSFORMERS_OFFLINE", "nothing");
        hub.Variables.Remove("TRANSFORMERS_OFFLINE");
        await hub.GetAsync();
        hub.Restart();
        hub.Variables["HF_HUB_OFFLINE"] = "yes";
        Assert.AreEqual(hub.Snapshot, await hub.GetAsync());
        File.Delete(Path.Combine(hub.Snapshot, Second));
        await hub.FailsAsync(ModelHubError.Offline, "HF_HUB_OFFLINE", Second);
        Assert.IsEmpty(hub.Server.Requests);
    }

    [TestMethod]
    public async Task AHubThatIsDownIsToldAndWhatIsCachedIsUsed()
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Down = true });
        await hub.FailsAsync(ModelHubError.Unreachable, hub.Server.Address, "503", "nothing of it");
        CollectionAssert.AreEqual(Seconds(0, 1, 2, 4, 8, 8).ToArray(), hub.Waits);
        hub.Restart();
        await hub.GetAsync();
        hub.Restart(new HubRules { Down = true });
        ModelDownload plan = await hub.PlanAsync();
        StringAssert.Contains(plan.Warning, "may be old", StringComparison.Ordinal);
        Assert.AreEqual(hub.Snapshot, await ModelHub.GetAsync(plan));
        Assert.HasCount(1, hub.Server.Requests);
    }

    [TestMethod]
    public async Task WithoutANetworkNobodyWaits()
    {
        using HubCase hub = new(HubCase.Sharded());
        hub.Server.Dispose();
        await hub.FailsAsync(ModelHubError.Unreachable, hub.Server.Address);
        Assert.IsEmpty(hub.Waits);
    }

    [TestMethod]
    public async Task GatedModelsSayWhereTheirTermsAre()
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Gated = true });
        await hub.FailsAsync(ModelHubError.Gated, $"{hub.Server.Address}/demo-lab/tiny", "set HF_TOKEN");
        hub.Variables["HF_TOKEN"] = "hf_secret";
        await hub.FailsAsync(ModelHubError.Gated, "the variable HF_TOKEN", "no access yet");
        hub.Variables["HF_TOKEN"] = "hf_allowed";
        Assert.IsTrue((await hub.PlanAsync()).IsGated);
        await hub.GetAsync();
        hub.IsComplete(Needed);
        Assert.IsTrue(hub.Server.Requests.All(request => request.Server == "hub" || request.Header("Authorization") is null));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("401")]
    public async Task UnknownModelsAreToldFromPrivateOnesByNobody(string? answer)
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { NoRepo = answer });
        ModelHubException exception = await Assert.ThrowsExactlyAsync<ModelHubException>(() => hub.PlanAsync("demo-lab/nope"));
        Assert.AreEqual(ModelHubError.ModelNotFound, exception.Error);
        StringAssert.Contains(exception.Message, "no model demo-lab/nope", StringComparison.Ordinal);
        StringAssert.Contains(exception.Message, "private", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task ARefusedTokenIsNamedByWhereItComesFrom()
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { BadToken = true });
        hub.Variables["HUGGING_FACE_HUB_TOKEN"] = "hf_secret";
        await hub.FailsAsync(ModelHubError.TokenRefused, "HUGGING_FACE_HUB_TOKEN", "Invalid credentials");
    }

    [TestMethod]
    public async Task OtherRefusalsAreToldApart()
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Disabled = true });
        await hub.FailsAsync(ModelHubError.Refused, "Access to this resource is disabled.");
        hub.Restart(new HubRules { NoCommit = true });
        await hub.FailsAsync(ModelHubError.NotAHub, "HF_ENDPOINT");
        hub.Restart();
        ModelHubException exception = await Assert.ThrowsExactlyAsync<ModelHubException>(() => hub.PlanAsync(revision: "nope"));
        Assert.AreEqual(ModelHubError.RevisionNotFound, exception.Error);
        StringAssert.Contains(exception.Message, "'nope'", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("pytorch_model.bin", "pickles")]
    [DataRow("model.gguf", "another layout")]
    [DataRow("adapter_config.json", "adapter")]
    public async Task WeightsThatAreNotReadAreRefusedBeforeAnythingIsFetched(string path, string said)
    {
        using HubCase hub = new(HubRepository.Of(new("config.json", "{}"), HubCase.Large(path, 100)));
        await hub.FailsAsync(ModelHubError.Unusable, "model.safetensors", said);
        Assert.IsFalse(Directory.Exists(hub.Cache));
    }

    [TestMethod]
    public async Task AShardThatTheRepositoryLacksIsNamed()
    {
        using HubCase hub = new(
            HubRepository.Of(
                new("config.json", "{}"),
                new("model.safetensors.index.json", """{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}"""),
                HubCase.Large(First, 100)
            )
        );
        await hub.FailsAsync(ModelHubError.FileNotFound, Second);
    }

    [TestMethod]
    [DataRow("../evil")]
    [DataRow("a/../../evil")]
    [DataRow("/evil")]
    [DataRow("a//evil")]
    [DataRow("..\\evil")]
    [DataRow("C:evil")]
    [DataRow("a/")]
    public async Task APathThatLeadsElsewhereIsRefused(string path)
    {
        using HubCase hub = new(HubCase.Sharded(new HubRepositoryFile(path, "evil")));
        await hub.FailsAsync(ModelHubError.NotAHub, path);
        Assert.IsFalse(Directory.Exists(hub.Cache));
    }

    [TestMethod]
    public async Task AnIndexThatIsNoneByItsSizeIsNotFetched()
    {
        using HubCase hub = new(HubRepository.Of(new("config.json", "{}"), HubCase.Large("model.safetensors.index.json", (16 << 20) + 1)));
        await hub.FailsAsync(ModelHubError.Unusable, "model.safetensors.index.json", "16777217 bytes; at most 16777216");
        Assert.IsEmpty(hub.Gets("model.safetensors.index.json"));
    }

    [TestMethod]
    public async Task AnIndexThatNamesAPathIsRefused()
    {
        using HubCase hub = new(
            HubRepository.Of(new("config.json", "{}"), new("model.safetensors.index.json", """{"weight_map":{"a":"../evil"}}"""))
        );
        await hub.FailsAsync(ModelHubError.Unusable, "../evil");
    }

    [TestMethod]
    public async Task TheHubsWarningsArePassedOnOnce()
    {
        using HubCase hub = new(HubCase.Sharded(), new HubRules { Warning = "old-client; This client is old." });
        StringAssert.Contains((await hub.PlanAsync()).Warning, "This client is old.", StringComparison.Ordinal);
        await hub.GetAsync();
        Assert.AreEqual(
            2,
            hub.Reports.Count(report => report.Message?.Contains("old", StringComparison.Ordinal) == true),
            "once by the plan, once by the download"
        );
    }

    [TestMethod]
    public async Task ACacheThatCannotBeWrittenIsNamed()
    {
        using HubCase hub = new(HubCase.Sharded());
        File.WriteAllText(hub.Cache, "a file");
        await hub.FailsAsync(ModelHubError.Cache, hub.Cache, "HF_HUB_CACHE");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a/b/c")]
    [DataRow("a--b/c")]
    [DataRow("a/b.git")]
    [DataRow("../b")]
    [DataRow("a/b c")]
    public void WhatCannotBeAModelsNameIsRefused(string name) => Assert.Throws<ArgumentException>(() => ModelHub.PlanAsync(name));

    [TestMethod]
    [DataRow("../main")]
    [DataRow("a\\b")]
    [DataRow("/main")]
    public void WhatCannotBeARevisionIsRefused(string revision) =>
        Assert.Throws<ArgumentException>(() => ModelHub.PlanAsync("a/b", new ModelHubOptions { Revision = revision }));

    [TestMethod]
    public async Task AModelIsFoundByItsName()
    {
        using HubCase hub = new(HubCase.Sharded());
        ModelHubOptions options = new() { CacheFolder = hub.Cache };
        Assert.IsNull(ModelHub.Find("demo-lab/tiny", options));
        Assert.AreEqual("demo-lab/tiny", CheckpointContents.Locate("demo-lab/tiny", hub.Cache));
        await hub.GetAsync();
        Assert.AreEqual(hub.Snapshot, ModelHub.Find("demo-lab/tiny", options));
        Assert.AreEqual(hub.Snapshot, CheckpointContents.Locate("demo-lab/tiny", hub.Cache));
    }

    [TestMethod]
    public void AFolderIsTakenBeforeAModelOfItsName()
    {
        string name = Path.GetRelativePath(Environment.CurrentDirectory, AppContext.BaseDirectory);
        Assert.AreEqual(name, CheckpointContents.Locate(name, "/nowhere"));
    }

    private static IEnumerable<TimeSpan> Seconds(params int[] seconds) => seconds.Select(value => TimeSpan.FromSeconds(value));

    private static HubRules Gets(string path, params HubGetRule[] rules) => new() { Get = new() { [path] = [.. rules] } };

    private static string PartialPath(HubCase hub, string path) =>
        Path.Combine(hub.ModelFolder, "blobs", hub.Repository.File(path).ContentId + ".grounding.incomplete");

    private static string Partial(HubCase hub, string path)
    {
        string partial = PartialPath(hub, path);
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        return partial;
    }
}
