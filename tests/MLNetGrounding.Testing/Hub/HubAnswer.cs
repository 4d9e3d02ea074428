using System.Text;
using System.Text.Json;

namespace MLNetGrounding.Testing.Hub;

/// <summary>An answer of a made-up hub.</summary>
internal sealed record HubAnswer(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Bytes of the body that are sent before the connection ends.</summary>
    public int? Cut { get; init; }

    public bool IsReset { get; init; }

    /// <summary>Whether the length is not stated, so that the body ends with the connection.</summary>
    public bool IsOpen { get; init; }

    public TimeSpan Wait { get; init; }

    public static HubAnswer Error(int status, string? message, string? code = null)
    {
        HubAnswer answer = new(status, message is null ? [] : JsonSerializer.SerializeToUtf8Bytes(new { error = message }));
        if (code is not null)
        {
            answer.Headers["X-Error-Code"] = code;
        }

        if (message is not null)
        {
            answer.Headers["X-Error-Message"] = message;
            answer.Headers["Content-Type"] = "application/json; charset=utf-8";
        }

        return answer;
    }

    public static HubAnswer Json(object value)
    {
        HubAnswer answer = new(200, JsonSerializer.SerializeToUtf8Bytes(value));
        answer.Headers["Content-Type"] = "application/json; charset=utf-8";
        return answer;
    }

    public static HubAnswer Redirect(int status, string location)
    {
        HubAnswer answer = new(status, Encoding.ASCII.GetBytes(status == 302 ? "Found. Redirecting" : "Temporary Redirect"));
        answer.Headers["Location"] = location;
        return answer;
    }
}
