using MLNetGrounding.Llava;

namespace MLNetGrounding.Examples;

/// <summary>Tells failures that the user can do something about from bugs, which keep their stack trace.</summary>
internal static class Explanation
{
    /// <summary>One line, or null for a bug.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        CheckpointException or IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or ArgumentException
            or InvalidOperationException => OneLine(exception.Message),
        { InnerException: { } inner } => Of(inner),
        _ => null,
    };

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
