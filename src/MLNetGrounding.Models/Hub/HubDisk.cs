namespace MLNetGrounding.Models.Hub;

/// <summary>What is asked of the disk and can fail in ways that a test must be able to bring about.</summary>
internal class HubDisk
{
    /// <summary>Bytes that are free where a folder is or will be, or <see langword="null"/> where that cannot be told.</summary>
    public virtual long? FreeBytes(string folder)
    {
        try
        {
            string existing = folder;
            while (!Directory.Exists(existing))
            {
                existing = Path.GetDirectoryName(existing) ?? throw new IOException();
            }

            return new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Opens a file for reading and writing, and makes it where there is none.</summary>
    public virtual Stream OpenForWriting(string path) =>
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    /// <summary>Whether a link can be made; <see langword="false"/> where the file system has none or the user may not.</summary>
    public virtual bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Whether an error says that the disk is full.</summary>
    public static bool IsFull(IOException exception)
    {
        const int noSpaceOnUnix = 28;
        const int diskFullOnWindows = 112;
        return (exception.HResult & 0xFFFF) == (OperatingSystem.IsWindows() ? diskFullOnWindows : noSpaceOnUnix);
    }
}
