using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MLNetGrounding.Benchmarks;

/// <summary>Makes files be read from the disk again.</summary>
internal static class PageCache
{
    private const int NotNeeded = 4;

    /// <summary>
    /// Writes the files of a folder to the disk and lets the system forget them; does nothing on other systems than Linux.
    /// </summary>
    public static void Drop(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (string path in Directory.GetFiles(directory))
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite);
            stream.Flush(flushToDisk: true);
            _ = Advise(stream.SafeFileHandle, 0, 0, NotNeeded);
        }
    }

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    private static extern int Advise(SafeFileHandle file, long offset, long length, int advice);
}
