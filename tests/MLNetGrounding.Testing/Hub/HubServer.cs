using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace MLNetGrounding.Testing.Hub;

/// <summary>
/// A hub on 127.0.0.1 that behaves as rules say: one port for the hub, another, and so another origin, for the store of large files.
/// </summary>
/// <remarks>It speaks HTTP over sockets of its own, because it must end connections in the middle of an answer.</remarks>
public sealed class HubServer : IDisposable
{
    private readonly HubRepository _repository;
    private readonly HubRules _rules;
    private readonly TcpListener _hub = new(IPAddress.Loopback, 0);
    private readonly TcpListener _store = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<HubRequest> _requests = new();
    private readonly Dictionary<string, int> _gets = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _heads;
    private int _waiting;
    private int _disposed;

    public HubServer(HubRepository repository, HubRules? rules = null)
    {
        _repository = repository;
        _rules = rules ?? new HubRules();
        _hub.Start();
        _store.Start();
        _ = AcceptAsync(_hub, "hub");
        _ = AcceptAsync(_store, "cdn");
    }

    public string Address => Of(_hub);

    public string StoreAddress => Of(_store);

    /// <summary>What was asked so far, in the order of arrival.</summary>
    public IReadOnlyList<HubRequest> Requests => [.. _requests];

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _end.Cancel();
        _gathered.TrySetResult();
        _hub.Dispose();
        _store.Dispose();
        _end.Dispose();
    }

    private static string Of(TcpListener listener) => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    private async Task AcceptAsync(TcpListener listener, string server)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(_end.Token);
                _ = ServeAsync(socket, server);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(Socket socket, string server)
    {
        try
        {
            using NetworkStream stream = new(socket, ownsSocket: true);
            while (await ReadAsync(stream, server) is { } request)
            {
                _requests.Enqueue(request);
                HubAnswer answer = await AnswerAsync(request);
                if (_rules.Warning is { } warning)
                {
                    answer.Headers["X-HF-Warning"] = warning;
                }

                if (answer.Wait > TimeSpan.Zero)
                {
                    await Task.Delay(answer.Wait, _end.Token);
                }

                if (!await SendAsync(stream, socket, request, answer))
                {
                    return;
                }
            }
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { }
    }

    private async Task<HubRequest?> ReadAsync(NetworkStream stream, string server)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || head[^1] != '\n' || head[^2] != '\r' || head[^3] != '\n')
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines[1..])
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new HubRequest(server, first[0], first[1], headers);
    }

    private async Task<bool> SendAsync(NetworkStream stream, Socket socket, HubRequest request, HubAnswer answer)
    {
        StringBuilder head = new($"HTTP/1.1 {answer.Status} Status\r\n");
        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(
            answer.IsOpen
                ? "Connection: close\r\n\r\n"
                : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n\r\n")
        );
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), _end.Token);
        if (request.Method != "HEAD")
        {
            await stream.WriteAsync(answer.Body.AsMemory(0, answer.Cut ?? answer.Body.Length), _end.Token);
        }

        await stream.FlushAsync(_end.Token);
        if ((answer.Cut is null && !answer.IsOpen) || request.Method == "HEAD")
        {
            return true;
        }

        if (answer.IsReset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        socket.Close();
        return false;
    }

    private async Task<HubAnswer> AnswerAsync(HubRequest request)
    {
        if (_rules.Down)
        {
            return HubAnswer.Error(503, "Service Unavailable");
        }

        if (_rules.NoCommit)
        {
            HubAnswer portal = new(200, Encoding.ASCII.GetBytes("<html>Log in</html"));
            portal.Headers["Content-Type"] = "text/html";
            return portal;
        }

        if (request.Method == "HEAD" && Interlocked.Increment(ref _heads) is { } number && number <= _rules.HeadStatus.Count)
        {
            return new HubAnswer(_rules.HeadStatus[number - 1], []);
        }

        string path = request.Target.Split('?')[0];
        if (path.StartsWith("/cdn/", StringComparison.Ordinal))
        {
            return await StoredAsync(request, path["/cdn/".Length..]);
        }

        string? token = request.Header("Authorization");
        if (_rules.BadToken && token is not null)
        {
            return HubAnswer.Error(401, "Invalid credentials in Authorization header");
        }

        if (_rules.Disabled)
        {
            return HubAnswer.Error(403, "Access to this resource is disabled.");
        }

        const string api = "/api/models/";
        const string cached = "/api/resolve-cache/models/";
        HubAnswer answer =
            path.StartsWith(cached, StringComparison.Ordinal) ? Cached(request, path[cached.Length..])
            : path.StartsWith(api, StringComparison.Ordinal) ? Api(request, path[api.Length..])
            : Resolve(request, path[1..], token);
        return request.Method == "HEAD" ? answer with { Wait = _rules.SlowHead } : answer;
    }

    private HubAnswer Api(HubRequest request, string path)
    {
        string[] parts = path.Split('/');
        string id = $"{parts[0]}/{parts[1]}";
        if (id == _rules.RenamedFrom)
        {
            return HubAnswer.Redirect(307, $"/api/models/{_repository.Id}{request.Target["/api/models/".Length..][id.Length..]}");
        }

        if (id != _repository.Id)
        {
            return Unknown();
        }

        string revision = Uri.UnescapeDataString(parts.Length > 3 ? parts[3] : "main");
        if (Commit(revision) is not { } commit)
        {
            return HubAnswer.Error(404, $"Invalid rev id: {revision}", "RevisionNotFound");
        }

        return parts.Length > 2 && parts[2] == "tree"
            ? Tree(request, commit)
            : HubAnswer.Json(
                new
                {
                    id = _repository.Id,
                    sha = commit,
                    @private = false,
                    gated = _rules.Gated ? (object)"manual" : false,
                    disabled = false,
                    tags = _repository.License is null ? [] : new[] { $"license:{_repository.License}" },
                    cardData = new { license = _repository.License },
                    config = new { model_type = _repository.ModelType },
                }
            );
    }

    private HubAnswer Tree(HubRequest request, string commit)
    {
        IReadOnlyList<HubRepositoryFile> files = _repository.Commits[commit];
        List<object> entries = [];
        HashSet<string> folders = new(StringComparer.Ordinal);
        foreach (HubRepositoryFile file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            if (Path.GetDirectoryName(file.Path) is { Length: > 0 } folder && folders.Add(folder))
            {
                entries.Add(
                    new
                    {
                        type = "directory",
                        oid = new string('0', 40),
                        size = 0,
                        path = folder,
                    }
                );
            }

            Dictionary<string, object> entry = new()
            {
                ["type"] = "file",
                ["oid"] = file.GitId,
                ["size"] = file.Content.Length,
                ["path"] = file.Path,
            };
            if (file.Sha256 is not null)
            {
                entry["lfs"] = new
                {
                    oid = file.Sha256,
                    size = file.Content.Length,
                    pointerSize = file.Pointer.Length,
                };
                if (_rules.Xet)
                {
                    entry["xetHash"] = file.XetHash ?? "";
                }
            }

            entries.Add(entry);
        }

        if (_rules.Page is not { } page)
        {
            return HubAnswer.Json(entries);
        }

        int cursor = request.Target.Split("cursor=") is [_, var stated] ? int.Parse(stated, CultureInfo.InvariantCulture) : 0;
        var answer = HubAnswer.Json(entries.Skip(cursor).Take(page));
        string pages = $"{Address}/api/models/{_repository.Id}/tree/{commit}?recursive=True&expand=False&cursor=";
        string[] links =
        [
            .. _rules.LinksToFirst ? [$"<{pages}0>; rel=\"first\""] : (string[])[],
            .. cursor + page < entries.Count
                ? [string.Create(CultureInfo.InvariantCulture, $"<{pages}{cursor + page}>; rel=\"next\"")]
                : (string[])[],
        ];
        if (links.Length > 0)
        {
            answer.Headers["Link"] = string.Join(", ", links);
        }

        return answer;
    }

    private HubAnswer Resolve(HubRequest request, string path, string? token)
    {
        string[] parts = path.Split('/', 5);
        string id = parts.Length == 5 ? $"{parts[0]}/{parts[1]}" : "";
        if (id.Length > 0 && id == _rules.RenamedFrom)
        {
            var renamed = HubAnswer.Redirect(307, $"/{_repository.Id}/{string.Join('/', parts[2..])}");
            return renamed with { Body = [] };
        }

        if (id != _repository.Id)
        {
            return Unknown();
        }

        string revision = Uri.UnescapeDataString(parts[3]);
        if (Commit(revision) is not { } commit)
        {
            return HubAnswer.Error(404, $"Invalid rev id: {revision}", "RevisionNotFound");
        }

        HubAnswer answer = OfCommit(request, commit, parts[4], token);
        answer.Headers["X-Repo-Commit"] = commit;
        return answer;
    }

    private HubAnswer OfCommit(HubRequest request, string commit, string quotedPath, string? token)
    {
        if (_rules.Gated && token != "Bearer hf_allowed")
        {
            return token is null
                ? HubAnswer.Error(
                    401,
                    $"Access to model {_repository.Id} is restricted. You must have access to it and be authenticated to access it. Please log in.",
                    "GatedRepo"
                )
                : HubAnswer.Error(
                    403,
                    $"Access to model {_repository.Id} is restricted and you are not in the authorized list. Visit https://huggingface.co/{_repository.Id} to ask for access.",
                    "GatedRepo"
                );
        }

        string path = Uri.UnescapeDataString(quotedPath);
        if (_repository.Commits[commit].FirstOrDefault(file => file.Path == path) is not { } file)
        {
            return HubAnswer.Error(404, "Entry not found", "EntryNotFound");
        }

        if (file.Sha256 is not { } sha256)
        {
            if (_rules.Direct)
            {
                return Content(request, file);
            }

            var toCache = HubAnswer.Redirect(
                307,
                $"/api/resolve-cache/models/{_repository.Id}/{commit}/{quotedPath}?{Uri.EscapeDataString(request.Target)}=&etag=%22{file.GitId}%22"
            );
            toCache.Headers["Accept-Ranges"] = "bytes";
            return toCache;
        }

        var answer = HubAnswer.Redirect(302, $"{(_rules.SameHost ? "" : StoreAddress)}/cdn/{sha256}?Expires=1893456000&Signature=made-up");
        answer.Headers["ETag"] = $"\"{file.GitId}\"";
        answer.Headers["Accept-Ranges"] = "bytes";
        if (!_rules.NoLinked)
        {
            answer.Headers["X-Linked-Size"] = file.Content.Length.ToString(CultureInfo.InvariantCulture);
            answer.Headers["X-Linked-ETag"] = $"\"{sha256}\"";
        }

        if (_rules.Xet)
        {
            answer.Headers["X-Xet-Hash"] = file.XetHash ?? "";
            answer.Headers["Link"] =
                $"<{Address}/api/models/{_repository.Id}/xet-read-token/{commit}>; rel=\"xet-auth\", <{Address}/reconstruction/{file.XetHash}>; rel=\"xet-reconstruction-info\"";
        }

        return answer;
    }

    private HubAnswer Cached(HubRequest request, string path)
    {
        string[] parts = path.Split('/', 4);
        HubRepositoryFile file = _repository.Commits[parts[2]].First(file => file.Path == Uri.UnescapeDataString(parts[3]));
        HubAnswer answer = Content(request, file);
        answer.Headers["X-Repo-Commit"] = parts[2];
        return answer;
    }

    /// <summary>A small file, with its id as etag.</summary>
    private HubAnswer Content(HubRequest request, HubRepositoryFile file)
    {
        HubAnswer answer = Body(request, file);
        answer.Headers["ETag"] = $"\"{file.GitId}\"";
        answer.Headers["Content-Type"] = "text/plain; charset=utf-8";
        return answer;
    }

    /// <summary>A large file, from the store, with an etag of the store's own.</summary>
    private async Task<HubAnswer> StoredAsync(HubRequest request, string sha256)
    {
        if (_rules.Gather > 0 && request.Method == "GET")
        {
            if (Interlocked.Increment(ref _waiting) == _rules.Gather)
            {
                _gathered.TrySetResult();
            }

            await _gathered.Task;
        }

        HubRepositoryFile file = _repository.Commits.Values.SelectMany(files => files).First(file => file.Sha256 == sha256);
        HubAnswer answer = Body(request, file);
        if (answer.Status >= 400)
        {
            return answer;
        }

#pragma warning disable CA5351 // What the recorded store made its tags of.
        answer.Headers["ETag"] = $"\"{Convert.ToHexString(MD5.HashData(file.Content)).ToLowerInvariant()}\"";
#pragma warning restore CA5351
        answer.Headers["Content-Type"] = "application/octet-stream";
        answer.Headers["Content-Disposition"] = $"inline; filename*=UTF-8''{file.Path}; filename=\"{file.Path}\";";
        if (_rules.SameHostCommit)
        {
            answer.Headers["X-Repo-Commit"] = HubRepository.FirstCommit;
            answer.Headers["X-Linked-ETag"] = $"\"{sha256}\"";
        }

        return answer;
    }

    private HubAnswer Body(HubRequest request, HubRepositoryFile file)
    {
        HubGetRule rule = new();
        TimeSpan wait = _rules.Delay;
        if (request.Method == "GET")
        {
            lock (_gets)
            {
                int number = _gets.GetValueOrDefault(file.Path);
                _gets[file.Path] = number + 1;
                rule = _rules.Get.GetValueOrDefault(file.Path)?.ElementAtOrDefault(number) ?? rule;
                wait = _rules.Stall.GetValueOrDefault(file.Path)?.ElementAtOrDefault(number) ?? wait;
            }
        }

        if (rule.Status is { } status)
        {
            HubAnswer error = new(status, Encoding.UTF8.GetBytes(rule.Body));
            foreach ((string name, string value) in rule.Headers)
            {
                error.Headers[name] = value;
            }

            return error;
        }

        byte[] content = _rules.Corrupt.GetValueOrDefault(file.Path) switch
        {
            "bits" => [(byte)~file.Content[0], .. file.Content[1..]],
            "short" => file.Content[..^100],
            "long" => [.. file.Content, .. new byte[100]],
            _ => file.Content,
        };
        int from = 0;
        if (!_rules.IgnoreRange && request.Header("Range") is { } range)
        {
            from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (from >= content.Length)
            {
                HubAnswer beyond = new(416, []);
                beyond.Headers["Content-Range"] = $"bytes */{content.Length}";
                return beyond;
            }
        }

        bool zip =
            _rules.Gzip && request.Method == "GET" && request.Header("Accept-Encoding")?.Contains("gzip", StringComparison.Ordinal) == true;
        HubAnswer answer = new(from > 0 ? 206 : 200, zip ? Zipped(content) : content[from..])
        {
            Cut = rule.Cut,
            IsReset = rule.IsReset,
            IsOpen = rule.IsOpen,
            Wait = wait,
        };
        foreach ((string name, string value) in rule.Headers)
        {
            answer.Headers[name] = value;
        }

        answer.Headers["Accept-Ranges"] = "bytes";
        if (zip)
        {
            answer.Headers["Content-Encoding"] = "gzip";
        }

        if (from > 0)
        {
            answer.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        return answer;
    }

    private string? Commit(string revision)
    {
        string? commit = _rules.Refs.GetValueOrDefault(revision) ?? _repository.Refs.GetValueOrDefault(revision) ?? revision;
        return _repository.Commits.ContainsKey(commit) ? commit : null;
    }

    private HubAnswer Unknown()
    {
        if (_rules.NoRepo != "401")
        {
            return HubAnswer.Error(404, "Repository not found", "RepoNotFound");
        }

        var answer = HubAnswer.Error(401, "Invalid username or password.");
        answer.Headers["WWW-Authenticate"] = "Bearer realm=\"Authentication required\", charset=\"UTF-8\"";
        return answer;
    }

    private static byte[] Zipped(byte[] content)
    {
        using MemoryStream zipped = new();
        using (GZipStream zip = new(zipped, CompressionLevel.Optimal))
        {
            zip.Write(content);
        }

        return zipped.ToArray();
    }
}
