namespace MLNetGrounding.Models.Hub;

/// <summary>A lock that processes of Hugging Face's tools take too: <c>flock</c> on a file that stays behind.</summary>
internal sealed class HubLock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private HubLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, however long another holds it.</summary>
    /// <param name="path">The lock's file.</param>
    /// <param name="waiting">Called once where it has to wait.</param>
    /// <param name="delay">Waits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<HubLock> TakeAsync(
        string path,
        Action waiting,
        Func<TimeSpan, CancellationToken, Task> delay,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (bool first = true; ; first = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (first)
            {
                waiting();
            }

            await delay(Interval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the lock back. The file stays: another may wait on it.</summary>
    public void Dispose() => _file.Dispose();

    private static HubLock? TryTake(string path)
    {
        try
        {
            bool isNew = !File.Exists(path);

            // Sharing nothing is what .NET implements by flock.
            HubLock taken = new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            if (isNew && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, LockMode);
            }

            return taken;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    private static UnixFileMode LockMode =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;

    private static bool IsHeld(IOException exception)
    {
        const int sharingViolationOnWindows = 32;
        const int wouldBlockOnLinux = 11;
        const int wouldBlockOnMac = 35;
        return (exception.HResult & 0xFFFF)
            == (
                OperatingSystem.IsWindows() ? sharingViolationOnWindows
                : OperatingSystem.IsMacOS() ? wouldBlockOnMac
                : wouldBlockOnLinux
            );
    }
}
