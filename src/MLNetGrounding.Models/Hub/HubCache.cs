using MLNetGrounding.Models.Checkpoints;

namespace MLNetGrounding.Models.Hub;

/// <summary>A model's folder in the cache of Hugging Face's tools.</summary>
/// <remarks>
/// Contents lie in <c>blobs</c> under their ids, and <c>snapshots/COMMIT</c> links to them under their names; where links cannot be made
/// the contents lie in the snapshots themselves. <c>refs</c> says which commit a branch or tag stood for, <c>trees</c> which files a commit
/// has. A file appears under its name only when it is complete, by renaming.
/// </remarks>
internal sealed class HubCache(HubSettings settings, string model)
{
    private const string Tag =
        "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by huggingface_hub.\n"
        + "# For information about cache directory tags, see:\n#\thttps://bford.info/cachedir/\n";

    private readonly string _folder = HubCacheFolder.ModelFolder(settings.Cache, model);

    /// <summary>The folder that holds the files of a commit.</summary>
    public string Snapshot(string commit) => Path.Combine(_folder, "snapshots", commit);

    /// <summary>Where the content of an id is.</summary>
    public string Blob(string contentId) => Path.Combine(_folder, "blobs", contentId);

    /// <summary>Where a content of ours grows until it is complete. Other tools leave files that end so alone.</summary>
    public string Partial(string contentId) => Blob(contentId) + ".grounding.incomplete";

    /// <summary>The commit that a revision stands for, or stood for when last downloaded.</summary>
    public string? TryCommit(string revision)
    {
        if (HubName.IsCommit(revision))
        {
            return revision;
        }

        try
        {
            string path = RefPath(revision);
            return File.Exists(path) && File.ReadAllText(path).Trim() is { } commit && HubName.IsCommit(commit) ? commit : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The files of a commit, as the cache knows them: from its list, else from what is there.</summary>
    /// <returns>The files, and whether the list is complete.</returns>
    public (IReadOnlyList<HubFile> Files, bool IsComplete) Files(string commit)
    {
        if (TryTree(commit) is { } files)
        {
            return (files, true);
        }

        string snapshot = Snapshot(commit);
        if (!Directory.Exists(snapshot))
        {
            return ([], false);
        }

        return (
            [
                .. Directory
                    .EnumerateFiles(snapshot, "*", SearchOption.AllDirectories)
                    .Where(CheckpointFile.Exists)
                    .Order(StringComparer.Ordinal)
                    .Select(path => new HubFile(
                        Path.GetRelativePath(snapshot, path).Replace('\\', '/'),
                        CheckpointFile.Resolve(path).Length,
                        ""
                    )),
            ],
            false
        );
    }

    /// <summary>The complete list of a commit's files, where the cache has it.</summary>
    public IReadOnlyList<HubFile>? TryTree(string commit) => HubTree.TryRead(TreePath(commit));

    /// <summary>Where a file of a commit is found.</summary>
    public string FilePath(string commit, HubFile file) =>
        Path.Combine(Snapshot(commit), file.Path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Whether a commit's file is there in its full length.</summary>
    public bool Has(string commit, HubFile file) => HasLength(FilePath(commit, file), file.Size);

    /// <summary>Whether a content is there in its full length.</summary>
    public bool HasBlob(string contentId, long size) => contentId.Length > 0 && HasLength(Blob(contentId), size);

    /// <summary>How much of a content an earlier download left.</summary>
    public long PartialBytes(string contentId)
    {
        FileInfo file = new(Partial(contentId));
        return file.Exists && file.LinkTarget is null ? file.Length : 0;
    }

    /// <summary>Marks the folder as a cache for backup programs.</summary>
    public void WriteTag()
    {
        string path = Path.Combine(settings.Cache, "CACHEDIR.TAG");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(settings.Cache);
            File.WriteAllText(path, Tag);
        }
    }

    /// <summary>Notes what a branch or tag stands for.</summary>
    public void WriteRef(string revision, string commit)
    {
        if (!HubName.IsCommit(revision) && TryCommit(revision) != commit)
        {
            Replace(RefPath(revision), System.Text.Encoding.ASCII.GetBytes(commit));
        }
    }

    /// <summary>Keeps a commit's complete list of files.</summary>
    public void WriteTree(string commit, IEnumerable<HubFile> files)
    {
        string path = TreePath(commit);
        if (!File.Exists(path))
        {
            // Such as Hugging Face's tools make it: for the user alone.
            Replace(path, HubTree.Write(files), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Waits until nobody else downloads a content.</summary>
    public Task<HubLock> LockAsync(string contentId, Action waiting, CancellationToken cancellationToken) =>
        HubLock.TakeAsync(
            Path.Combine(settings.Cache, ".locks", Path.GetFileName(_folder), contentId + ".lock"),
            waiting,
            settings.Delay,
            cancellationToken
        );

    /// <summary>Gives a complete content its name, under which it replaces what is there.</summary>
    public void Store(string contentId) => File.Move(Partial(contentId), Blob(contentId), overwrite: true);

    /// <summary>Lets a file of a commit lead to its content.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="path">The file's path in the model.</param>
    /// <param name="contentId">The content, which is stored.</param>
    /// <param name="isNew">Whether nothing else leads to the content yet.</param>
    public void Publish(string commit, string path, string contentId, bool isNew)
    {
        string file = Path.Combine(Snapshot(commit), path.Replace('/', Path.DirectorySeparatorChar));
        string folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}");
        string blob = Blob(contentId);
        try
        {
            if (settings.AllowLinks && settings.Disk.TryLink(temporary, Path.GetRelativePath(folder, blob)))
            {
                File.Move(temporary, file, overwrite: true);
            }
            else if (isNew)
            {
                File.Move(blob, file, overwrite: true);
            }
            else
            {
                File.Copy(CheckpointFile.Resolve(blob).FullName, temporary);
                File.Move(temporary, file, overwrite: true);
            }
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static bool HasLength(string path, long size)
    {
        try
        {
            return CheckpointFile.Exists(path) && CheckpointFile.Resolve(path).Length == size;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    private static void Replace(string path, byte[] content, UnixFileMode? mode = null)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        try
        {
            using (FileStream stream = new(temporary, options))
            {
                stream.Write(content);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private string RefPath(string revision) => Path.Combine(_folder, "refs", revision.Replace('/', Path.DirectorySeparatorChar));

    private string TreePath(string commit) => Path.Combine(_folder, "trees", commit + ".json");
}
