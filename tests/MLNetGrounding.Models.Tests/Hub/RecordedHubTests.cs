using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using MLNetGrounding.Models.Hub;
using MLNetGrounding.Testing;
using MLNetGrounding.Testing.Hub;

namespace MLNetGrounding.Models.Tests.Hub;

/// <summary>
/// Every recorded scenario of Hugging Face's own client that our client can be asked too: it must end the same, and leave the same cache,
/// but for what is documented to be better (<see cref="ExpectedError"/>, <see cref="Differences"/>).
/// </summary>
[TestClass]
public sealed class RecordedHubTests
{
    private static readonly string[] Sent = ["authorization", "range", "accept-encoding"];

    public TestContext TestContext { get; set; } = null!;

    private static Recording Data => Recording.Read(Path.GetDirectoryName(TestData.Require("hub"))!);

    [TestMethod]
    public async Task TheServerAnswersAsTheRecordedOne()
    {
        Recording recording = Data;
        List<string> problems = [];
        int compared = 0;
        foreach (
            RecordedScenario scenario in recording.Scenarios.Where(scenario =>
                scenario.IsOrdered && !scenario.Environment.ContainsKey("SSL_CERT_FILE")
            )
        )
        {
            using HubServer server = new(recording.Repository, scenario.Rules);
            foreach (JsonElement exchange in scenario.Exchanges)
            {
                problems.AddRange(await CompareAsync(recording, server, scenario, exchange));
                compared++;
            }
        }

        Assert.IsEmpty(problems, string.Join("\n", problems));
        TestContext.WriteLine($"{compared} answers");
        Assert.IsGreaterThan(0, compared);
    }

    [TestMethod]
    public async Task EveryScenarioEndsAsItDidInPythonAndLeavesTheSameCache()
    {
        Recording recording = Data;
        List<string> problems = [];
        List<string> left = [];
        int run = 0;
        foreach (RecordedScenario scenario in recording.Scenarios)
        {
            if (scenario.Inapplicable is { } reason)
            {
                left.Add($"{scenario.Name}: {reason}");
                continue;
            }

            problems.AddRange(await ReplayAsync(recording, scenario));
            run++;
        }

        TestContext.WriteLine($"{run} scenarios; not asked: {string.Join("; ", left)}");
        Assert.IsEmpty(problems, string.Join("\n", problems));
        Assert.IsGreaterThan(0, run);
    }

    [TestMethod]
    public void TheListingIsWrittenByteForByteAsPythonWritesIt()
    {
        Recording recording = Data;
        IEnumerable<HubFile> files = recording
            .Repository.Commits[HubRepository.FirstCommit]
            .Select(file => new HubFile(
                file.Path,
                file.Content.Length,
                file.GitId,
                file.Sha256,
                file.Sha256 is null ? null : file.Content.Length
            ));
        Assert.AreEqual(recording.TreeText, System.Text.Encoding.UTF8.GetString(HubTree.Write(files)));
    }

    [TestMethod]
    public void CacheAndTokenAreWherePythonLooksForThem()
    {
        RecordedScenario[] places = [.. Data.Scenarios.Where(scenario => scenario.Name.StartsWith("place_", StringComparison.Ordinal))];
        Assert.IsNotEmpty(places);
        foreach (RecordedScenario scenario in places)
        {
            var variables = scenario.Environment.ToDictionary(
                item => item.Key,
                item => item.Value.Replace("{home}", "/h", StringComparison.Ordinal)
            );
            string[] expected =
            [
                .. scenario
                    .Result.GetProperty("returns")
                    .EnumerateArray()
                    .Select(path => path.GetString()!.Replace("{home}", "/h", StringComparison.Ordinal)),
            ];
            Assert.AreEqual(expected[0], Checkpoints.HubCacheFolder.Find(variables.GetValueOrDefault, "/h"), scenario.Name);
            Assert.AreEqual(expected[1], Checkpoints.HubCacheFolder.TokenPath(variables.GetValueOrDefault, "/h"), scenario.Name);
        }
    }

    /// <summary>What our client says where Python's raised, or where ours is stricter; <see langword="null"/>: it succeeds.</summary>
    private static ModelHubError? ExpectedError(RecordedScenario scenario)
    {
        HubRules rules = scenario.Rules;
        if (rules.Corrupt.Count > 0)
        {
            // Python takes a wrong byte; we compare hashes.
            return ModelHubError.Damaged;
        }

        if (scenario.FreeBytes is not null || scenario.IsDiskFull)
        {
            // Python warns of a disk that has no room, and goes on.
            return ModelHubError.DiskFull;
        }

        if (scenario.Raised is null)
        {
            return null;
        }

        if (rules.Get.Values.SelectMany(list => list).Any(rule => rule.IsReset || rule.Status is 403 or 503))
        {
            // Python gives up after a reset, an expired address or a server's fault; we try again.
            return null;
        }

        return scenario.Raised switch
        {
            "GatedRepoError" => ModelHubError.Gated,
            "RepositoryNotFoundError" => ModelHubError.ModelNotFound,
            "RevisionNotFoundError" => ModelHubError.RevisionNotFound,
            "RemoteEntryNotFoundError" => ModelHubError.FileNotFound,
            _ when rules.BadToken => ModelHubError.TokenRefused,
            _ when rules.NoRepo is not null => ModelHubError.ModelNotFound,
            _ when rules.Disabled => ModelHubError.Refused,
            _ when rules.NoCommit || rules.SameHost => ModelHubError.NotAHub,
            _ when scenario.Environment.ContainsKey("HF_HUB_OFFLINE") => ModelHubError.Offline,
            _ => ModelHubError.Unreachable,
        };
    }

    private async Task<IReadOnlyList<string>> ReplayAsync(Recording recording, RecordedScenario scenario)
    {
        using TemporaryFolder home = new();
        using HubServer server = new(recording.Repository, scenario.Rules);
        PythonCall call = scenario.Call!;
        var variables = scenario.Environment.ToDictionary(
            item => item.Key,
            item =>
                item.Value.Replace("{home}", home.Path, StringComparison.Ordinal).Replace("{hub}", server.Address, StringComparison.Ordinal)
        );
        if (scenario.Start is { } start)
        {
            recording.MakeCache(start, home.Path);
        }

        recording.MakeLeftOvers(scenario.Name, home.Path);
        foreach ((string path, int? length) in scenario.Damages)
        {
            string damaged = Path.Combine(home.Path, "hub", path);
            if (length is { } left)
            {
                File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..left]);
            }
            else
            {
                File.Delete(damaged);
            }
        }

        // Where a token file was recorded is told by what was sent: no variable and no argument gave the token.
        bool isFromFile =
            scenario.Token is not null
            && !variables.Keys.Any(name => name is "HF_TOKEN" or "HUGGING_FACE_HUB_TOKEN")
            && call.Options.GetValueOrDefault("token") is not string;
        string tokenPath =
            isFromFile && variables.TryGetValue("HF_TOKEN_PATH", out string? stated) ? stated : Path.Combine(home.Path, "token");
        if (scenario.Token is not null || variables.ContainsKey("HF_TOKEN"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(tokenPath)!);
            File.WriteAllText(tokenPath, $"  {(isFromFile ? scenario.Token : "hf_of_the_file")} \n\n");
        }

        string? given = call.Options.GetValueOrDefault("token") switch
        {
            string token => token,
            false => "",
            _ => null,
        };
        var settings = HubSettings.Read(new ModelHubOptions { Token = given }, variables.GetValueOrDefault, home.Path);
        settings = settings with
        {
            AnswerTimeout =
                settings.AnswerTimeout / 10 is var tenth && variables.ContainsKey("HF_HUB_ETAG_TIMEOUT") ? tenth : settings.PatientTimeout,
            BodyTimeout = variables.ContainsKey("HF_HUB_DOWNLOAD_TIMEOUT") ? settings.BodyTimeout / 10 : settings.PatientTimeout,
            Delay = (_, _) => Task.CompletedTask,
            Disk = new TestDisk { Free = scenario.FreeBytes, FullAfter = scenario.IsDiskFull ? 1000 : null },
        };
        string revision = (string?)call.Options.GetValueOrDefault("revision") ?? "main";
        string? file = call.Name == "hf_hub_download" ? call.Arguments[1] : null;
        HubDownloader downloader = new(
            settings,
            new PatternChoice(
                file,
                call.Options.GetValueOrDefault("allow_patterns") as string[],
                call.Options.GetValueOrDefault("ignore_patterns") as string[]
            )
        );
        ModelHubException? error = null;
        string? folder = null;
        try
        {
            ModelDownload plan = await downloader.PlanAsync(call.Arguments[0], revision, TestContext.CancellationToken);
            folder = await downloader.GetAsync(plan, null, TestContext.CancellationToken);
        }
        catch (ModelHubException exception)
        {
            error = exception;
        }

        File.Delete(tokenPath);
        return [.. Problems().Select(problem => $"{scenario.Name}: {problem}")];

        IEnumerable<string> Problems()
        {
            if (error?.Error != ExpectedError(scenario))
            {
                yield return $"{ExpectedError(scenario)?.ToString() ?? "success"} was expected, found {error?.Error}: {error?.Message}";
                yield break;
            }

            if (folder is not null)
            {
                string? returned = scenario.Returned?.Replace("{home}", home.Path, StringComparison.Ordinal);
                if (returned is not null && returned != (file is null ? folder : Path.Combine(folder, file)))
                {
                    yield return $"returned {folder} instead of {returned}";
                }

                foreach (
                    HubRepositoryFile wrong in recording
                        .Repository.Commits[Path.GetFileName(folder)]
                        .Where(item =>
                            File.Exists(Path.Combine(folder, item.Path))
                            && !File.ReadAllBytes(Path.Combine(folder, item.Path)).SequenceEqual(item.Content)
                        )
                )
                {
                    yield return $"{wrong.Path} has another content";
                }
            }

            string? sent = scenario.Token is { } token ? $"Bearer {token}" : null;
            foreach (
                HubRequest request in server.Requests.Where(request =>
                    request.Header("Authorization") != (request.Server == "hub" ? sent : null)
                )
            )
            {
                yield return $"{request.Server} {request.Target}: authorization {request.Header("Authorization")}";
            }

            foreach (string line in Differences(recording, scenario, home.Path, folder is not null))
            {
                yield return line;
            }
        }
    }

    /// <summary>How the cache differs from the recorded one.</summary>
    /// <remarks>
    /// Ours always lists a commit's files in <c>trees</c>, while Python does so for snapshots only. Where nothing could be had, ours holds
    /// at most what Python's did, and a partial file that the next run continues. Where Python failed and we do not, there is nothing to
    /// compare.
    /// </remarks>
    private static IEnumerable<string> Differences(Recording recording, RecordedScenario scenario, string home, bool succeeded)
    {
        if (
            recording.Cache(scenario.Name) is not { } recorded
            || (succeeded && scenario.Raised is not null)
            || scenario.Damages.Any(damage => damage.Length is not null)
        )
        {
            yield break;
        }

        if (scenario.Rules.NoLinked)
        {
            // The redirect does not name the content: Python takes the pointer's id for its name, ours comes from the listing.
            var names = recording
                .Repository.Commits.Values.SelectMany(files => files)
                .Where(file => file.Sha256 is not null)
                .DistinctBy(file => file.GitId)
                .ToDictionary(file => file.GitId, file => file.Sha256!);
            recorded =
            [
                .. recorded.Select(line =>
                    names.Aggregate(line, (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal))
                ),
            ];
        }

        IReadOnlyList<string> ours = CacheTree.Of(home);
        bool listed = recorded.Any(line => line.Contains("/trees/", StringComparison.Ordinal));
        string[] found =
        [
            .. ours.Where(line =>
                (listed || !line.Contains("/trees/", StringComparison.Ordinal))
                && !line.Contains(".grounding.incomplete", StringComparison.Ordinal)
            ),
        ];
        string[] more = [.. found.Except(recorded)];
        string[] less = succeeded ? [.. recorded.Except(found)] : [];
        if (!succeeded)
        {
            more =
            [
                .. more.Where(line =>
                    !line.Contains("CACHEDIR.TAG", StringComparison.Ordinal) && !line.EndsWith("dir (empty)", StringComparison.Ordinal)
                ),
            ];
        }

        foreach (string line in more)
        {
            yield return $"+ {line}";
        }

        foreach (string line in less)
        {
            yield return $"- {line}";
        }
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(
        Recording recording,
        HubServer server,
        RecordedScenario scenario,
        JsonElement exchange
    )
    {
        JsonElement asked = exchange.GetProperty("request");
        JsonElement expected = exchange.GetProperty("response");
        string name = $"{scenario.Name} {asked.GetProperty("method").GetString()} {asked.GetProperty("target").GetString()}";
        if (
            expected.GetProperty("status").ValueKind == JsonValueKind.Null
            || scenario.Name.StartsWith("transformers_", StringComparison.Ordinal)
        )
        {
            // The client hung up, or asked for what ours never does.
            return [];
        }

        string address = exchange.GetProperty("server").GetString() == "hub" ? server.Address : server.StoreAddress;
        using HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        using HttpRequestMessage request = new(
            new HttpMethod(asked.GetProperty("method").GetString()!),
            new Uri(
                address + asked.GetProperty("target").GetString(),
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        );
        foreach (
            JsonProperty header in asked
                .GetProperty("headers")
                .EnumerateObject()
                .Where(header => Sent.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
        )
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        }

        List<string> problems = [];
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if ((int)answer.StatusCode != expected.GetProperty("status").GetInt32())
        {
            return [$"{name}: {(int)answer.StatusCode} instead of {expected.GetProperty("status")}"];
        }

        foreach (JsonProperty header in expected.GetProperty("headers").EnumerateObject())
        {
            string wanted = header
                .Value.GetString()!
                .Replace("{hub}", server.Address, StringComparison.Ordinal)
                .Replace("{cdn}", server.StoreAddress, StringComparison.Ordinal);
            string? found =
                answer.Headers.NonValidated.TryGetValues(header.Name, out HeaderStringValues values)
                || answer.Content.Headers.NonValidated.TryGetValues(header.Name, out values)
                    ? string.Join(", ", (IEnumerable<string>)values)
                    : null;
            bool isFree =
                header.Name == "Content-Length"
                && (
                    expected.TryGetProperty("json body", out _)
                    || expected.TryGetProperty("json", out _)
                    || expected.GetProperty("headers").TryGetProperty("Content-Encoding", out _)
                    || asked.GetProperty("method").GetString() == "HEAD"
                );
            if (found != wanted && !isFree)
            {
                problems.Add($"{name}: {header.Name}: {found} instead of {wanted}");
            }
        }

        bool isCut = expected.TryGetProperty("body", out JsonElement body) && body.TryGetProperty("sent", out _);
        if (asked.GetProperty("method").GetString() == "HEAD" || isCut)
        {
            return problems;
        }

        byte[] content = await answer.Content.ReadAsByteArrayAsync();
        if (
            body.ValueKind == JsonValueKind.Object
            && !expected.GetProperty("headers").TryGetProperty("Content-Encoding", out _)
            && !body.GetProperty("sha256")
                .GetString()!
                .Equals(Convert.ToHexString(SHA256.HashData(content)), StringComparison.OrdinalIgnoreCase)
        )
        {
            problems.Add($"{name}: another body of {content.Length} bytes");
        }

        if (expected.TryGetProperty("json body", out JsonElement key))
        {
            using var found = JsonDocument.Parse(content);
            JsonElement wanted = recording.Bodies.GetProperty(key.GetString()!);
            string[] fields = ["id", "sha", "gated", "disabled", "cardData"];
            problems.AddRange(
                wanted.ValueKind == JsonValueKind.Array
                    ? Entries(wanted)
                        .Except(Entries(found.RootElement))
                        .Concat(Entries(found.RootElement).Except(Entries(wanted)))
                        .Select(entry => $"{name}: {entry}")
                    : fields
                        .Where(field =>
                            wanted.TryGetProperty(field, out JsonElement value)
                            && !JsonElement.DeepEquals(value, found.RootElement.GetProperty(field))
                        )
                        .Select(field => $"{name}: {field}")
            );
        }

        return problems;
    }

    private static IEnumerable<string> Entries(JsonElement tree) =>
        tree.EnumerateArray()
            .Where(entry => entry.GetProperty("type").GetString() == "file")
            .Select(entry => string.Join(",", Flat("", entry).Order(StringComparer.Ordinal)));

    private static IEnumerable<string> Flat(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().SelectMany(item => Flat($"{name}.{item.Name}", item.Value))
            : [$"{name}={value}"];
}
