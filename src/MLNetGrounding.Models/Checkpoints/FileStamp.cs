namespace MLNetGrounding.Models.Checkpoints;

/// <summary>Length and time of change of a file, which tell cheaply whether it is still the one that was opened.</summary>
/// <param name="Path">The file as it was named.</param>
/// <param name="Target">What was at the end of its links.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Changed">The time of the last change, UTC.</param>
internal sealed record FileStamp(string Path, string Target, long Length, DateTime Changed)
{
    /// <exception cref="CheckpointException">There is no such file.</exception>
    public static FileStamp Of(string path)
    {
        FileInfo target = CheckpointFile.Resolve(path);
        return new FileStamp(path, target.FullName, target.Length, target.LastWriteTimeUtc);
    }

    /// <summary>Refuses a file that is no longer what it was.</summary>
    /// <exception cref="CheckpointException">It has another length or time of change, or is gone.</exception>
    public void RequireUnchanged()
    {
        FileInfo now = new(Target);
        if (!now.Exists)
        {
            throw new CheckpointException(Path, "was deleted or renamed while the model was in use. Open the model again.");
        }

        if (now.Length != Length || now.LastWriteTimeUtc != Changed)
        {
            throw new CheckpointException(
                Path,
                $"was changed while the model was in use: {Length} bytes of {Changed:O} then, {now.Length} bytes of {now.LastWriteTimeUtc:O} now. What was computed since may be wrong; open the model again."
            );
        }
    }
}
