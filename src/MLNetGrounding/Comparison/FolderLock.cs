using MLNetGrounding.Comparison;

namespace MLNetGrounding;

/// <summary>
/// Holds a folder of results, so that one run at a time writes to it: whoever takes it second is told who holds it.
/// </summary>
/// <remarks>
/// The operating system keeps the lock, on an empty file <c>.grounding-lock</c> that stays in the folder, and frees it when the process
/// ends in whatever way. Beside it, <c>.grounding-lock.json</c> says who holds it. Between machines it holds as far as the file system
/// passes locks on (NFS from version 4 on and SMB do); it does not hold where the environment variable
/// <c>DOTNET_SYSTEM_IO_DISABLEFILELOCKING</c> turns .NET's locks off. It is advice to other users of this class, and keeps no other program
/// from writing.
/// </remarks>
public sealed class FolderLock : IDisposable
{
    private const string FileName = ".grounding-lock";

    // What opening a file that another one locked ends in: EAGAIN of Linux and of macOS and the BSDs, and Windows' sharing violation.
    private static readonly int[] HeldResults = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;
    private bool _released;

    private FolderLock(string directory, FileStream file) => (Directory, _file) = (directory, file);

    /// <summary>The folder, its full path.</summary>
    public string Directory { get; }

    /// <summary>Takes a folder, making it if it does not exist.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The lock, which disposing releases.</returns>
    /// <exception cref="IOException">Another run holds the folder (the message says which), or it cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static FolderLock Take(string directory) =>
        TryTake(directory)
        ?? throw new IOException(
            $"'{Path.GetFullPath(directory)}' is in use: {FolderHolder.Read(HolderPath(directory))} is writing to it. Wait until that has ended, or name another folder."
        );

    /// <summary>Takes a folder, making it if it does not exist, unless another run holds it.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The lock, which disposing releases, or <see langword="null"/> where another run holds the folder.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static FolderLock? TryTake(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string path = System.IO.Directory.CreateDirectory(directory).FullName;
        FileStream file;
        try
        {
            // Sharing with nobody is the one kind of sharing that .NET turns into an exclusive lock on every system.
            file = new FileStream(Path.Combine(path, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (HeldResults.Contains(exception.HResult))
        {
            return null;
        }

        try
        {
            FolderHolder.OfThisProcess().Write(HolderPath(path));
            return new FolderLock(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Releases the folder.</summary>
    public void Dispose()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        try
        {
            File.Delete(HolderPath(Directory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody reads it, or took the folder away. It says nothing where nobody holds the lock.
        }

        // The empty file stays: deleted, it could be locked by one process under a name that another one gives to a new file.
        _file.Dispose();
    }

    /// <summary>Whether this lock is held, and is that of a file's folder.</summary>
    internal bool Covers(string path) =>
        !_released
        && string.Equals(
            Path.TrimEndingDirectorySeparator(Directory),
            Path.TrimEndingDirectorySeparator(Path.GetDirectoryName(Path.GetFullPath(path))!),
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal
        );

    private static string HolderPath(string directory) => Path.Combine(directory, FileName + ".json");
}
