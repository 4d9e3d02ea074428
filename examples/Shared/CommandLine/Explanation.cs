namespace MLNetGrounding.Examples;

/// <summary>Tells failures that the user can do something about from bugs, which keep their stack trace.</summary>
internal static class Explanation
{
    private const string OwnAssemblies = "MLNetGrounding";

    /// <summary>One line, or null for a bug.</summary>
    public static string? Of(Exception exception) =>
        Causes(exception).FirstOrDefault(IsForTheUser) is { } cause ? OneLine(cause.Message) : null;

    /// <summary>The exception and all inside it: ML.NET wraps what ends a pipeline in exceptions of its own.</summary>
    private static IEnumerable<Exception> Causes(Exception exception)
    {
        IEnumerable<Exception> inner =
            exception is AggregateException several ? several.InnerExceptions
            : exception.InnerException is { } one ? [one]
            : [];
        return inner.SelectMany(Causes).Prepend(exception);
    }

    private static bool IsForTheUser(Exception exception) =>
        exception switch
        {
            CommandException
            or CheckpointException
            or ModelHubException
            or IOException
            or UnauthorizedAccessException
            or InvalidDataException => true,
            // The library says what to do about a setting that it throws these for; thrown elsewhere they are mistakes of the program.
            ArgumentException or InvalidOperationException or NotSupportedException => exception.Source?.StartsWith(
                OwnAssemblies,
                StringComparison.Ordinal
            ) == true,
            _ => false,
        };

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
