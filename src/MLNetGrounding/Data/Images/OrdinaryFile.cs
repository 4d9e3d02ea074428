namespace MLNetGrounding.Data.Images;

/// <summary>Opens files that have a beginning and an end: a pipe or a device would be waited for without end.</summary>
internal static class OrdinaryFile
{
    /// <summary>Opens a file for reading, or the file that a link leads to.</summary>
    /// <exception cref="UnreadableImageException">The path is a directory, a pipe, a device or an empty file, or there is none.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
        }

        if (Directory.Exists(file.FullName))
        {
            throw new UnreadableImageException("is a directory; an image file was expected.");
        }

        if (!file.Exists)
        {
            throw new UnreadableImageException("does not exist.");
        }

        // Opening a pipe blocks until someone writes to it. Pipes and devices have no length before they are opened.
        if (file.Length == 0)
        {
            throw new UnreadableImageException("is empty, a pipe or a device; an image file was expected.");
        }

        FileStream stream = file.Open(new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
        if (!stream.CanSeek)
        {
            stream.Dispose();
            throw new UnreadableImageException("is a pipe or a device; an image file was expected.");
        }

        return stream;
    }
}
