using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Hub;

/// <summary>Speaks a hub's protocol: which request, which headers, which redirects, what an error means, what is tried again.</summary>
/// <remarks>
/// Redirects are followed here and not by <see cref="HttpClient"/>: the token must go along within the hub and nowhere else, and the
/// redirect to a large file's store is itself the answer that names size and hash.
/// </remarks>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 10;
    private const int MostPages = 1000;
    private const long LongestAnswer = 64 << 20;

    private static readonly ProductInfoHeaderValue Product = new(
        "MLNetGrounding",
        typeof(HubClient).Assembly.GetName().Version?.ToString(3) ?? "0"
    );

    private readonly HubSettings _settings;
    private readonly HubAddress _address;
    private readonly HttpClient _http;
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    public HubClient(HubSettings settings)
    {
        _settings = settings;
        _address = new HubAddress(settings.Endpoint);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = settings.PatientTimeout,
            MaxConnectionsPerServer = settings.Connections + 1,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Told what the hub wants its users to know, once a topic.</summary>
    public Action<string>? Warn { get; set; }

    /// <summary>What the hub says of a model's revision.</summary>
    /// <param name="model">The model.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="patient">Whether it is asked again where it does not answer.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<HubModelInfo> InfoAsync(string model, string revision, bool patient, CancellationToken cancellationToken)
    {
        Uri address = _address.Info(model, revision);
        HubSubject subject = new(model, revision, null);
        (JsonDocument answer, _) = await JsonAsync(address, subject, patient, true, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            return HubModelInfo.Read(answer.RootElement)
                ?? throw new ModelHubException(
                    ModelHubError.NotAHub,
                    $"{address} answered without the commit of {model}. {EndpointAdvice}"
                );
        }
    }

    /// <summary>The complete list of a commit's files.</summary>
    public async Task<IReadOnlyList<HubFile>> TreeAsync(string model, string commit, CancellationToken cancellationToken)
    {
        List<HubFile> files = [];
        HubSubject subject = new(model, commit, null);
        Uri? page = _address.Tree(model, commit);
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MostPages || !_address.IsOwn(page))
            {
                throw new ModelHubException(
                    ModelHubError.NotAHub,
                    $"The list of the files of {model} goes on at {page}, which is not followed: a page of {_settings.Endpoint} was expected, one of at most {MostPages}."
                );
            }

            (JsonDocument answer, Uri? next) = await JsonAsync(page, subject, true, false, cancellationToken).ConfigureAwait(false);
            using (answer)
            {
                files.AddRange(HubTree.ReadPage(page.ToString(), answer.RootElement));
            }

            page = next;
        }

        return files;
    }

    /// <summary>Where a file's content is, and what the hub says of it.</summary>
    public Task<HubHead> HeadAsync(string model, string commit, string path, CancellationToken cancellationToken)
    {
        HubSubject subject = new(model, commit, path);
        return PatientlyAsync(
            async timeout =>
            {
                using HttpResponseMessage answer = await SendAsync(
                        HttpMethod.Head,
                        _address.File(model, commit, path),
                        null,
                        false,
                        timeout,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                Uri asked = answer.RequestMessage!.RequestUri!;
                bool isRedirect = IsRedirect(answer.StatusCode);
                if (!isRedirect && !answer.IsSuccessStatusCode)
                {
                    throw HubAnswerErrors.Of(answer, null, subject, _settings, _address);
                }

                if (Header(answer, "X-Repo-Commit") is null)
                {
                    throw new ModelHubException(
                        ModelHubError.NotAHub,
                        $"{asked} answered without the header X-Repo-Commit, as no hub does. {EndpointAdvice}"
                    );
                }

                Uri content = !isRedirect
                    ? asked
                    : HubAddress.Follow(asked, Header(answer, "Location") ?? "")
                        ?? throw new ModelHubException(
                            ModelHubError.NotAHub,
                            $"{asked} leads to '{Header(answer, "Location")}', where nothing is fetched from: an address was expected, of https where the hub's is."
                        );
                string? linked = Header(answer, "X-Linked-ETag") is { } tag ? WithoutQuotes(tag) : null;
                return new HubHead(linked is { Length: 64 } && HubName.IsLowerHex(linked) ? linked : null, content);
            },
            patient: true,
            cancellationToken
        );
    }

    /// <summary>
    /// Asks for a file's content; what is wrong with the answer is an exception, with the body left to the caller otherwise.
    /// </summary>
    /// <param name="address">From <see cref="HeadAsync"/>.</param>
    /// <param name="from">The first byte that is wanted.</param>
    /// <param name="subject">What is asked for.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<HttpResponseMessage> ContentAsync(Uri address, long from, HubSubject subject, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await SendAsync(
                HttpMethod.Get,
                address,
                from > 0 ? from : null,
                true,
                _settings.BodyTimeout,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && from > 0))
        {
            return answer;
        }

        using (answer)
        {
            string? said = await TextAsync(answer, cancellationToken).ConfigureAwait(false);
            throw HubAnswerErrors.Of(answer, said, subject, _settings, _address);
        }
    }

    /// <summary>The content of a small file.</summary>
    public Task<byte[]> SmallContentAsync(Uri address, HubSubject subject, CancellationToken cancellationToken) =>
        PatientlyAsync(
            async _ =>
            {
                using HttpResponseMessage answer = await ContentAsync(address, 0, subject, cancellationToken).ConfigureAwait(false);
                return await BytesAsync(answer, cancellationToken).ConfigureAwait(false);
            },
            patient: true,
            cancellationToken
        );

    /// <summary>Reads further bytes of a body, and gives up where none come.</summary>
    public async Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_settings.BodyTimeout);
        try
        {
            return await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"no byte came in {_settings.BodyTimeout.TotalSeconds:0.#} s", exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw Unreachable("the connection was cut", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string EndpointAdvice => "Check the address of the hub (HF_ENDPOINT), and proxy and firewall.";

    private Task<(JsonDocument Answer, Uri? Next)> JsonAsync(
        Uri address,
        HubSubject subject,
        bool patient,
        bool isFirst,
        CancellationToken cancellationToken
    ) =>
        PatientlyAsync(
            async timeout =>
            {
                using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, address, null, false, timeout, cancellationToken)
                    .ConfigureAwait(false);
                if (!answer.IsSuccessStatusCode)
                {
                    string? said = await TextAsync(answer, cancellationToken).ConfigureAwait(false);
                    throw IsRedirect(answer.StatusCode)
                        ? new ModelHubException(
                            ModelHubError.NotAHub,
                            $"{address} leads to '{Header(answer, "Location")}', which is not the hub's. {EndpointAdvice}"
                        )
                        : HubAnswerErrors.Of(answer, said, subject, _settings, _address);
                }

                byte[] content = await BytesAsync(answer, cancellationToken).ConfigureAwait(false);
                try
                {
                    return (StrictJson.Parse(address.ToString(), content), Next(answer));
                }
                catch (CheckpointException exception)
                {
                    throw new ModelHubException(
                        ModelHubError.NotAHub,
                        $"{address} did not answer as a hub does: {exception.Message} {EndpointAdvice}",
                        exception
                    );
                }
            },
            patient,
            cancellationToken,
            isFirst
        );

    /// <summary>
    /// Does a request, again and again where it may be answered a moment later: at once, then after 1, 2, 4, 8 and 8 seconds.
    /// </summary>
    /// <remarks>Not the first request of all where there is no server: without a network the user need not wait for the news.</remarks>
    private async Task<T> PatientlyAsync<T>(
        Func<TimeSpan, Task<T>> request,
        bool patient,
        CancellationToken cancellationToken,
        bool isFirst = false
    )
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await request(tries == 0 ? _settings.AnswerTimeout : _settings.PatientTimeout).ConfigureAwait(false);
            }
            catch (ModelHubException exception)
                when (patient && exception.MayPass && !(isFirst && exception.NeverConnected) && tries <= HubWaits.MostRetries)
            {
                await _settings
                    .Delay(
                        tries == 0 && exception.RetryAfter is null ? TimeSpan.Zero : HubWaits.Before(tries, exception),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Sends a request and follows redirects: those within the hub, and where that is wanted those to other servers, without the token.
    /// </summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        long? from,
        bool anywhere,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage answer = await SendOnceAsync(method, address, from, timeout, cancellationToken).ConfigureAwait(false);
            if (
                !IsRedirect(answer.StatusCode)
                || HubAddress.Follow(address, Header(answer, "Location") ?? "") is not { } target
                || !(anywhere || _address.IsOwn(target))
            )
            {
                return answer;
            }

            answer.Dispose();
            if (redirects == MostRedirects)
            {
                throw new ModelHubException(
                    ModelHubError.NotAHub,
                    $"{address} was the {MostRedirects + 1}th redirect in a row. {EndpointAdvice}"
                );
            }

            address = target;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method,
        Uri address,
        long? from,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        using HttpRequestMessage request = new(method, address);
        request.Headers.UserAgent.Add(Product);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.Add("X-HF-Download-Counter", "1");
        request.Headers.Add("X-Amzn-Trace-Id", Guid.NewGuid().ToString());
        if (_settings.Token is { } token && _address.IsOwn(address))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        }

        if (from is not null)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            HttpResponseMessage answer = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            PassWarningOn(answer);
            return answer;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"no answer in {timeout.TotalSeconds:0.#} s", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Unreachable(
                (exception.InnerException ?? exception).Message.TrimEnd('.'),
                exception,
                exception
                    is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
            );
        }
    }

    private ModelHubException Unreachable(string cause, Exception exception, bool neverConnected = false) =>
        new(ModelHubError.Unreachable, $"Cannot reach {_settings.Endpoint} ({cause}).", exception)
        {
            MayPass = true,
            NeverConnected = neverConnected,
        };

    private async Task<string?> TextAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(await BytesAsync(answer, cancellationToken).ConfigureAwait(false));
        }
        catch (ModelHubException)
        {
            // What the server had to say is lost; its status and headers tell enough.
            return null;
        }
    }

    private async Task<byte[]> BytesAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[16 << 10];
        while (await ReadAsync(body, buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            content.Write(buffer, 0, read);
            if (content.Length > LongestAnswer)
            {
                throw new ModelHubException(
                    ModelHubError.NotAHub,
                    $"{answer.RequestMessage!.RequestUri} answered with more than {LongestAnswer} bytes. {EndpointAdvice}"
                );
            }
        }

        return content.ToArray();
    }

    /// <summary>The next page of a list: <c>Link: &lt;address&gt;; rel="next"</c>.</summary>
    private static Uri? Next(HttpResponseMessage answer)
    {
        string link = Header(answer, "Link") ?? "";
        foreach (string item in link.Split(',', StringSplitOptions.TrimEntries))
        {
            int end = item.IndexOf('>', StringComparison.Ordinal);
            if (item.StartsWith('<') && end > 0 && item[end..].Contains("rel=\"next\"", StringComparison.Ordinal))
            {
                return HubAddress.Follow(answer.RequestMessage!.RequestUri!, item[1..end]);
            }
        }

        return null;
    }

    private void PassWarningOn(HttpResponseMessage answer)
    {
        if (Header(answer, "X-HF-Warning") is not { } warning)
        {
            return;
        }

        string[] parts = warning.Split(';', 2, StringSplitOptions.TrimEntries);
        bool isNew;
        lock (_warned)
        {
            isNew = _warned.Add(parts[0]);
        }

        if (isNew)
        {
            Warn?.Invoke($"The hub warns: {parts[^1]}");
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static string? Header(HttpResponseMessage answer, string name) => HubAnswerErrors.Header(answer, name);

    private static string WithoutQuotes(string tag) => (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"');
}
