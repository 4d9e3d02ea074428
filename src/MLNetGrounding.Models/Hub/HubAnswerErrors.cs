using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MLNetGrounding.Models.Hub;

/// <summary>What an answer means that is no success.</summary>
internal static class HubAnswerErrors
{
    /// <summary>The error for an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="body">Its text, which answers to HEAD do not have.</param>
    /// <param name="subject">What was asked for.</param>
    /// <param name="settings">Who asked.</param>
    /// <param name="address">The hub.</param>
    public static ModelHubException Of(
        HttpResponseMessage answer,
        string? body,
        HubSubject subject,
        HubSettings settings,
        HubAddress address
    )
    {
        Uri asked = answer.RequestMessage!.RequestUri!;
        bool isOwn = address.IsOwn(asked);
        HttpStatusCode status = answer.StatusCode;
        string? said = Header(answer, "X-Error-Message") ?? Message(body);
        string quoted = said is null ? "" : $" The hub says: {said}";
        bool known = settings.Token is not null;
        switch (Header(answer, "X-Error-Code"))
        {
            case "GatedRepo":
                return new ModelHubException(
                    ModelHubError.Gated,
                    $"{subject.Model} is gated. Accept its terms at {address.Page(subject.Model)}"
                        + (
                            known
                                ? $"; the account of {settings.Token!.Origin} has no access yet."
                                : $", then set HF_TOKEN to a token of that account (or write it to the file that Hugging Face's tools keep it in)."
                        )
                );
            case "RepoNotFound":
                return NotFound();
            case "RevisionNotFound":
                return new ModelHubException(
                    ModelHubError.RevisionNotFound,
                    $"{subject.Model} has no branch, tag or commit '{subject.Revision}'."
                );
            case "EntryNotFound":
                return new ModelHubException(
                    ModelHubError.FileNotFound,
                    $"{subject.Model} has no {subject.Path ?? "such file"} in the commit {subject.Revision}."
                );
        }

        if (status == HttpStatusCode.Unauthorized && isOwn)
        {
            return known
                ? new ModelHubException(
                    ModelHubError.TokenRefused,
                    $"The hub refuses {settings.Token!.Origin}.{quoted} Make a new one, or take it away: models that are not gated need none."
                )
                : NotFound();
        }

        if (status == HttpStatusCode.NotFound && isOwn)
        {
            return new ModelHubException(
                ModelHubError.NotAHub,
                $"{asked} does not exist, and what answered is no hub. Check the address of the hub (HF_ENDPOINT)."
            );
        }

        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return isOwn
                ? new ModelHubException(
                    ModelHubError.Refused,
                    $"The hub refuses {subject.Path ?? subject.Model}.{(quoted.Length > 0 ? quoted : $" It says nothing but {(int)status}.")}"
                )
                : new ModelHubException(
                    ModelHubError.Refused,
                    $"The store of {subject.Path ?? subject.Model} at {asked.Host} refuses it ({(int)status}), although the hub led there."
                )
                {
                    MayPass = true,
                    MayHaveExpired = true,
                };
        }

        bool mayPass = (int)status is 408 or 429 or 500 or 502 or 503 or 504;
        return new ModelHubException(
            ModelHubError.Unreachable,
            $"Cannot reach {(isOwn ? settings.Endpoint : asked.Host)} (it answers {(int)status}{(status == HttpStatusCode.TooManyRequests ? ", too many requests" : "")}).{quoted}"
        )
        {
            MayPass = mayPass,
            RetryAfter = mayPass ? RetryAfter(answer) : null,
        };

        ModelHubException NotFound() =>
            new(
                ModelHubError.ModelNotFound,
                $"There is no model {subject.Model} at {settings.Endpoint}, or it is private and {(known ? $"{settings.Token!.Origin} gives no access to it" : "no token was sent (HF_TOKEN)")}."
            );
    }

    /// <summary>A header's text as it was sent.</summary>
    public static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
        || answer.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? string.Join(", ", (IEnumerable<string>)values)
            : null;

    /// <summary>
    /// What a server that is asked too often wants: <c>Retry-After</c>, or <c>t</c> of <c>RateLimit</c>; a second more, to be sure.
    /// </summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        if (answer.Headers.RetryAfter is { } stated)
        {
            TimeSpan? wait = stated.Delta ?? (stated.Date is { } date ? date - DateTimeOffset.UtcNow : null);
            return wait is { } long_ && long_ > TimeSpan.Zero ? long_ + TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(1);
        }

        foreach (string item in (Header(answer, "RateLimit") ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            if (
                item.StartsWith("t=", StringComparison.Ordinal)
                && int.TryParse(item.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            )
            {
                return TimeSpan.FromSeconds(seconds + 1d);
            }
        }

        return null;
    }

    private static string? Message(string? body)
    {
        try
        {
            using JsonDocument? document = string.IsNullOrWhiteSpace(body) ? null : JsonDocument.Parse(body);
            return
                document?.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out JsonElement error)
                && error.ValueKind == JsonValueKind.String
                ? error.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
