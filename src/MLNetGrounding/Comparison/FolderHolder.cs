using System.Globalization;
using System.Text.Json;

namespace MLNetGrounding.Comparison;

/// <summary>Who holds a <see cref="FolderLock"/>, as a file beside it says.</summary>
/// <param name="Process">The id of the process.</param>
/// <param name="Host">The machine it runs on.</param>
/// <param name="Command">Its command line.</param>
/// <param name="Since">When it took the lock.</param>
internal sealed record FolderHolder(int Process, string Host, string Command, DateTimeOffset Since)
{
    private const int LongestCommand = 500;
    private const int LongestFile = 1 << 16;
    private static readonly TimeSpan TimeToWrite = TimeSpan.FromMilliseconds(200);

    public static FolderHolder OfThisProcess()
    {
        string command = Environment.CommandLine;
        return new FolderHolder(
            Environment.ProcessId,
            Environment.MachineName,
            command.Length <= LongestCommand ? command : command[..LongestCommand] + "...",
            DateTimeOffset.Now
        );
    }

    /// <summary>Writes the file, so that it is there in whole or not at all.</summary>
    public void Write(string path)
    {
        string unfinished = path + ".unfinished";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(this) + "\n");
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Who holds the lock, in words.</summary>
    public static string Read(string path)
    {
        // Whoever took the lock just now is about to write.
        return TryRead(path) is { } holder ? holder.ToString() : Again();

        string Again()
        {
            Thread.Sleep(TimeToWrite);
            return TryRead(path)?.ToString() ?? "another run, which does not say who it is,";
        }
    }

    /// <summary>One line of words.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"process {Process} on {OneLine(Host)}, since {Since:yyyy-MM-dd HH:mm:ss zzz}, '{OneLine(Command)}',"
        );

    private static FolderHolder? TryRead(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: < LongestFile }
                ? JsonSerializer.Deserialize<FolderHolder>(File.ReadAllText(path))
                : null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string OneLine(string? text) =>
        string.Concat((text ?? "").Select(character => char.IsControl(character) ? ' ' : character));
}
