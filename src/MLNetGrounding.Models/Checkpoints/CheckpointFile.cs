using System.Text;

namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Opens the files of a checkpoint folder: through symbolic links, within a size, and never one that is no file.</summary>
/// <remarks>
/// In the cache of the Hugging Face hub every file is a link, sometimes to another link: what counts is the length and the time of
/// what is at the end. <see cref="File.Exists(string)"/> holds a link without an end for a file, and <see cref="FileInfo.Length"/> gives
/// the link's own.
/// </remarks>
internal static class CheckpointFile
{
    /// <summary>The longest settings file that is read; a tokenizer may be longer.</summary>
    public const int LongestSettings = 16 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> PointerStart => "version https://git-lfs"u8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Whether there is a file at the end of a path.</summary>
    public static bool Exists(string path)
    {
        try
        {
            return File.Exists(path) && File.Exists(Target(path).FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Something is there; opening it says what is wrong with it.
            return true;
        }
    }

    /// <summary>The file that a path leads to.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static FileInfo Resolve(string path, string? missing = null)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new CheckpointException(path, "is a folder; a file was expected.");
            }

            FileInfo target = Target(path);
            return target.Exists ? target
                : target.FullName == new FileInfo(path).FullName
                    ? throw new CheckpointException(path, "the file does not exist" + (missing is null ? "." : $"; {missing}"))
                : throw new CheckpointException(
                    path,
                    $"is a link to '{target.FullName}', which does not exist; a download that was cut short or a store that was cleared leaves such links. Download the file again."
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(path, exception);
        }
    }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="CheckpointException">It does not exist, is empty, or cannot be opened.</exception>
    public static FileStream OpenRead(string path, string? missing = null)
    {
        // Pipes and devices have no length: they are told before they are opened, for that can wait for ever.
        if (Resolve(path, missing).Length == 0)
        {
            throw new CheckpointException(path, "is empty, or no regular file.");
        }

        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(path, exception);
        }
    }

    /// <summary>The bytes of a small file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longest">The length from which on it is refused.</param>
    /// <param name="missing">What is said where there is no such file.</param>
    /// <exception cref="CheckpointException">It does not exist, cannot be read, is too long, or is a git-LFS pointer.</exception>
    public static byte[] ReadBytes(string path, int longest = LongestSettings, string? missing = null)
    {
        using FileStream stream = OpenRead(path, missing);
        try
        {
            if (stream.Length > longest)
            {
                throw new CheckpointException(path, $"has {stream.Length} bytes; at most {longest} were expected of such a file.");
            }

            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            RefusePointer(path, content);
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Unreadable(path, exception);
        }
    }

    /// <summary>The text of a small UTF-8 file, its line ends as <c>\n</c>.</summary>
    /// <exception cref="CheckpointException">As for <see cref="ReadBytes"/>, or it is not UTF-8.</exception>
    public static string ReadText(string path, int longest = LongestSettings)
    {
        try
        {
            return StrictUtf8.GetString(WithoutByteOrderMark(ReadBytes(path, longest)).Span).ReplaceLineEndings("\n");
        }
        catch (DecoderFallbackException exception)
        {
            throw new CheckpointException(path, $"is not UTF-8: {exception.Message}", innerException: exception);
        }
    }

    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> content) =>
        content.Span.StartsWith(ByteOrderMark) ? content[ByteOrderMark.Length..] : content;

    /// <summary>Refuses the short text that git leaves in place of a large file that it did not fetch.</summary>
    public static void RefusePointer(string path, ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(PointerStart))
        {
            throw new CheckpointException(
                path,
                "is a git-LFS pointer, a short text in place of the content. Run 'git lfs install' and 'git lfs pull' in the folder, or download the file itself."
            );
        }
    }

    private static FileInfo Target(string path)
    {
        FileInfo file = new(path);
        return file.LinkTarget is null ? file : new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }
}
