using MLNetGrounding.Models.Checkpoints;
using MLNetGrounding.Models.Families;

namespace MLNetGrounding.Models.Hub;

/// <summary>Finds out what a model's download would bring, and brings it.</summary>
internal sealed class HubDownloader(HubSettings settings, IFileChoice choice)
{
    private const long LongestNeededContent = 16 << 20;

    /// <summary>What a download would bring. Nothing is written.</summary>
    public async Task<ModelDownload> PlanAsync(string model, string revision, CancellationToken cancellationToken)
    {
        HubCache cache = new(settings, model);
        string? cachedCommit = cache.TryCommit(revision);
        FileSelection? cached = cachedCommit is null ? null : FromCache(cache, cachedCommit);
        bool isComplete = cached is { Missing.Count: 0, Files.Count: > 0 };
        if (settings.OfflineVariable is { } variable)
        {
            return isComplete ? CachedPlan(null) : throw Offline(model, revision, cached, variable);
        }

        if (isComplete && HubName.IsCommit(revision))
        {
            // A commit never changes: nothing to ask.
            return CachedPlan(null);
        }

        using HubClient client = new(settings);
        List<string> warnings = [];
        client.Warn = warnings.Add;
        try
        {
            HubModelInfo info = await client.InfoAsync(model, revision, patient: !isComplete, cancellationToken).ConfigureAwait(false);
            if (info.IsDisabled)
            {
                throw new ModelHubException(ModelHubError.Refused, $"The hub has disabled {model}.");
            }

            IReadOnlyList<HubFile> tree =
                cache.TryTree(info.Commit) ?? await client.TreeAsync(model, info.Commit, cancellationToken).ConfigureAwait(false);
            FileSelection selection = await ChooseAsync(client, cache, model, info.Commit, tree, cancellationToken).ConfigureAwait(false);
            return Plan(cache, model, revision, info.Commit, tree, selection, info, warnings.Count > 0 ? string.Join(" ", warnings) : null);
        }
        catch (ModelHubException exception)
            when (isComplete
                && exception.Error
                    is ModelHubError.Unreachable
                        or ModelHubError.NotAHub
                        or ModelHubError.Gated
                        or ModelHubError.TokenRefused
                        or ModelHubError.Refused
            )
        {
            return CachedPlan($"{exception.Message} The cached files are used; they may be old.");
        }
        catch (ModelHubException exception) when (exception.Error == ModelHubError.Unreachable)
        {
            throw new ModelHubException(exception.Error, $"{exception.Message} {MissingText(cached)}", exception);
        }

        ModelDownload CachedPlan(string? warning) => Plan(cache, model, revision, cachedCommit!, null, cached!, null, warning);
    }

    /// <summary>Downloads what a plan lacks.</summary>
    public async Task<string> GetAsync(
        ModelDownload download,
        IProgress<ModelDownloadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        HubCache cache = new(settings, download.Model);
        DownloadCounter counter = new(progress, download.Size, download.Files.Count);
        if (download.Warning is { } warning)
        {
            counter.Say(null, warning);
        }

        if (download.Plan.Tree is not { } tree)
        {
            // All of it is cached, and the hub was not asked or did not answer.
            return download.Folder;
        }

        try
        {
            RequireSpace(cache, download);
            cache.WriteTag();

            // A branch that was never here is noted before its files, as Hugging Face's tools do. One that was keeps leading to
            // complete files until the new ones are complete.
            if (cache.TryCommit(download.Revision) is null)
            {
                cache.WriteRef(download.Revision, download.Commit);
            }

            cache.WriteTree(download.Commit, tree);
            await GetFilesAsync(cache, counter, download, cancellationToken).ConfigureAwait(false);
            cache.WriteRef(download.Revision, download.Commit);
            return download.Folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw exception is IOException full && HubDisk.IsFull(full)
                ? new ModelHubException(
                    ModelHubError.DiskFull,
                    $"The disk of {settings.Cache} is full. Make room, or choose another folder (HF_HUB_CACHE).",
                    exception
                )
                : new ModelHubException(
                    ModelHubError.Cache,
                    $"The cache folder {settings.Cache} cannot be written: {exception.Message} Choose another (HF_HUB_CACHE).",
                    exception
                );
        }
    }

    private async Task GetFilesAsync(HubCache cache, DownloadCounter counter, ModelDownload download, CancellationToken cancellationToken)
    {
        using HubClient client = new(settings);
        client.Warn = warning => counter.Say(null, warning);
        FileDownload one = new(client, cache, settings, counter, download.Model, download.Commit);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ParallelOptions options = new() { MaxDegreeOfParallelism = settings.Connections, CancellationToken = all.Token };
        Exception? first = null;
        try
        {
            await Parallel
                .ForEachAsync(
                    download.Plan.Files,
                    options,
                    async (file, token) =>
                    {
                        if (cache.Has(download.Commit, file))
                        {
                            counter.Add(file.Path, file.Size);
                            counter.Finish(file.Path);
                            return;
                        }

                        try
                        {
                            await one.RunAsync(file, token).ConfigureAwait(false);
                        }
                        catch (Exception exception) when (Interlocked.CompareExchange(ref first, exception, null) is null)
                        {
                            // The others end where they are; what they have is kept for the next time.
                            await all.CancelAsync().ConfigureAwait(false);
                            throw;
                        }
                    }
                )
                .ConfigureAwait(false);
        }
        catch (Exception) when (first is not null)
        {
            // What failed first is the reason; that the others were then ended is not.
            cancellationToken.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    private ModelDownload Plan(
        HubCache cache,
        string model,
        string revision,
        string commit,
        IReadOnlyList<HubFile>? tree,
        FileSelection selection,
        HubModelInfo? info,
        string? warning
    ) =>
        new(new HubPlan(this, tree, selection.Files))
        {
            Model = model,
            Revision = revision,
            Commit = commit,
            License = info?.License,
            IsGated = info?.IsGated ?? false,
            ModelType = info?.ModelType,
            IsSupported = info?.ModelType is { } type ? FamilyRegistry.ModelTypes.Contains(type, StringComparer.Ordinal) : null,
            Files =
            [
                .. selection.Files.Select(file => new ModelFile(
                    file.Path,
                    file.Size,
                    cache.Has(commit, file) || cache.HasBlob(file.ContentId, file.Size)
                )),
            ],
            Folder = cache.Snapshot(commit),
            Warning = warning,
        };

    /// <summary>What of a commit is in the cache, or <see langword="null"/> where it is not known what is needed.</summary>
    private FileSelection? FromCache(HubCache cache, string commit)
    {
        (IReadOnlyList<HubFile> files, _) = cache.Files(commit);
        try
        {
            HubFile? needed = choice.NeededContent(files);
            if (needed is not null && !cache.Has(commit, needed))
            {
                return new FileSelection([], [needed.Path]);
            }

            FileSelection selection = choice.Choose(
                files,
                needed is null ? default : CheckpointFile.ReadBytes(cache.FilePath(commit, needed))
            );
            string[] absent = [.. selection.Files.Where(file => !cache.Has(commit, file)).Select(file => file.Path)];
            return selection with { Missing = [.. selection.Missing, .. absent] };
        }
        catch (CheckpointException)
        {
            // A cached index that cannot be read tells nothing.
            return null;
        }
    }

    private async Task<FileSelection> ChooseAsync(
        HubClient client,
        HubCache cache,
        string model,
        string commit,
        IReadOnlyList<HubFile> tree,
        CancellationToken cancellationToken
    )
    {
        try
        {
            HubFile? needed = choice.NeededContent(tree);
            byte[] content =
                needed is null ? []
                : cache.Has(commit, needed) ? CheckpointFile.ReadBytes(cache.FilePath(commit, needed))
                : await ReadAsync(client, model, commit, needed, cancellationToken).ConfigureAwait(false);
            FileSelection selection = choice.Choose(tree, content);
            return selection.Missing.Count == 0
                ? selection
                : throw new ModelHubException(
                    selection.Advice is null ? ModelHubError.FileNotFound : ModelHubError.Unusable,
                    $"{model} has no {string.Join(", ", selection.Missing)} in the commit {commit}.{(selection.Advice is null ? "" : $" {selection.Advice}")}"
                );
        }
        catch (CheckpointException exception)
        {
            throw new ModelHubException(ModelHubError.Unusable, $"{model} (commit {commit}): {exception.Message}", exception);
        }
    }

    /// <summary>A small file's content, which is not stored.</summary>
    private static async Task<byte[]> ReadAsync(
        HubClient client,
        string model,
        string commit,
        HubFile file,
        CancellationToken cancellationToken
    )
    {
        if (file.Size > LongestNeededContent)
        {
            throw new ModelHubException(
                ModelHubError.Unusable,
                $"{file.Path} of {model} has {file.Size} bytes; at most {LongestNeededContent} were expected of such a file."
            );
        }

        HubHead head = await client.HeadAsync(model, commit, file.Path, cancellationToken).ConfigureAwait(false);
        byte[] content = await client
            .SmallContentAsync(head.Address, new HubSubject(model, commit, file.Path), cancellationToken)
            .ConfigureAwait(false);
        string expected = file.Sha256 ?? head.LinkedId ?? file.GitId;
        using ContentHash hash = new(expected, file.Size);
        hash.Append(content);
        string found = hash.Finish();
        return found == expected
            ? content
            : throw new ModelHubException(
                ModelHubError.Damaged,
                $"{file.Path} of {model} is damaged: {expected} was expected as its hash, found {found}. Try again, or another network."
            );
    }

    private void RequireSpace(HubCache cache, ModelDownload download)
    {
        long needed = download
            .Plan.Files.Where(file => !cache.Has(download.Commit, file) && !cache.HasBlob(file.ContentId, file.Size))
            .Sum(file => file.Size - cache.PartialBytes(file.ContentId));
        if (settings.Disk.FreeBytes(settings.Cache) is { } free && free < needed)
        {
            throw new ModelHubException(
                ModelHubError.DiskFull,
                $"{download.Model} needs {HubText.Bytes(needed)} more, but the disk of {settings.Cache} has {HubText.Bytes(free)} free. Make room, or choose another folder (HF_HUB_CACHE)."
            );
        }
    }

    private ModelHubException Offline(string model, string revision, FileSelection? cached, string variable) =>
        new(
            ModelHubError.Offline,
            $"{model} (revision {revision}) is not complete, and {variable} forbids to download. {MissingText(cached)}"
        );

    private string MissingText(FileSelection? cached) =>
        cached is not { Missing.Count: > 0 }
            ? $"The cache {settings.Cache} holds nothing of it."
            : $"{cached.Missing.Count} {(cached.Missing.Count == 1 ? "file is" : "files are")} missing from the cache {settings.Cache}: {string.Join(", ", cached.Missing.Take(5))}{(cached.Missing.Count > 5 ? ", ..." : "")}.";
}
