using System.Net;

namespace MLNetGrounding.Models.Hub;

/// <summary>Brings one file of a commit into the cache: continued after every cut, compared with its hash, then given its name.</summary>
internal sealed class FileDownload(
    HubClient client,
    HubCache cache,
    HubSettings settings,
    DownloadCounter counter,
    string model,
    string commit
)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Fetches a file, unless its content is there.</summary>
    /// <exception cref="ModelHubException">It cannot be had, is damaged, or cannot be stored.</exception>
    public async Task RunAsync(HubFile file, CancellationToken cancellationToken)
    {
        if (cache.HasBlob(file.ContentId, file.Size))
        {
            cache.Publish(commit, file.Path, file.ContentId, isNew: false);
            counter.Add(file.Path, file.Size);
            counter.Finish(file.Path);
            return;
        }

        HubHead head = await client.HeadAsync(model, commit, file.Path, cancellationToken).ConfigureAwait(false);

        // The list is the better witness; but a mirror's list may not tell large files.
        string contentId = file.Sha256 ?? head.LinkedId ?? file.GitId;
        using HubLock held = await cache
            .LockAsync(
                contentId,
                () => counter.Say(file.Path, $"Another process downloads {file.Path}; waiting for it."),
                cancellationToken
            )
            .ConfigureAwait(false);
        bool isNew = !cache.HasBlob(contentId, file.Size);
        if (isNew)
        {
            await FetchAsync(file, contentId, head, cancellationToken).ConfigureAwait(false);
            cache.Store(contentId);
        }
        else
        {
            counter.Add(file.Path, file.Size);
        }

        cache.Publish(commit, file.Path, contentId, isNew);
        counter.Finish(file.Path);
    }

    private async Task FetchAsync(HubFile file, string contentId, HubHead head, CancellationToken cancellationToken)
    {
        string path = cache.Partial(contentId);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (new FileInfo(path).LinkTarget is not null)
        {
            // Never write to where a link leads.
            File.Delete(path);
        }

        bool keep = true;
        try
        {
            Stream partial = settings.Disk.OpenForWriting(path);
            await using (partial.ConfigureAwait(false))
            {
                using ContentHash hash = new(contentId, file.Size);
                long old = await HashOldAsync(partial, file, hash, cancellationToken).ConfigureAwait(false);
                Uri address = head.Address;
                while (true)
                {
                    await FetchRestAsync(partial, hash, file, address, cancellationToken).ConfigureAwait(false);
                    string found = hash.Finish();
                    if (found == contentId)
                    {
                        await partial.FlushAsync(cancellationToken).ConfigureAwait(false);
                        return;
                    }

                    if (old == 0)
                    {
                        keep = false;
                        throw new ModelHubException(
                            ModelHubError.Damaged,
                            $"{file.Path} of {model} is damaged: {contentId} was expected as its hash, found {found}. What was downloaded is deleted; try again, or another network."
                        );
                    }

                    // What an earlier run left may be at fault: once more from the start.
                    old = 0;
                    Restart(partial, hash, file);
                }
            }
        }
        catch (IOException exception) when (HubDisk.IsFull(exception))
        {
            keep = false;
            throw new ModelHubException(
                ModelHubError.DiskFull,
                $"The disk of {settings.Cache} is full; {file.Path} needs {HubText.Bytes(file.Size)}. Make room, or choose another folder (HF_HUB_CACHE).",
                exception
            );
        }
        catch (ModelHubException exception) when (exception.Error == ModelHubError.Damaged)
        {
            keep = false;
            throw;
        }
        finally
        {
            if (!keep)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Reads what an earlier run left, so that its bytes count in the hash.</summary>
    private async Task<long> HashOldAsync(Stream partial, HubFile file, ContentHash hash, CancellationToken cancellationToken)
    {
        if (partial.Length > file.Size)
        {
            partial.SetLength(0);
        }

        byte[] buffer = new byte[BufferSize];
        while (await partial.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            hash.Append(buffer.AsSpan(0, read));
            counter.Add(file.Path, read);
        }

        return partial.Position;
    }

    /// <summary>Fetches what is missing; a cut, a stall or a server's fault is tried again while it goes on at all.</summary>
    private async Task FetchRestAsync(Stream partial, ContentHash hash, HubFile file, Uri address, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (partial.Position < file.Size)
        {
            long start = partial.Position;
            try
            {
                await FetchOnceAsync(partial, hash, file, address, cancellationToken).ConfigureAwait(false);
            }
            catch (ModelHubException exception) when (exception.MayPass)
            {
                failures = partial.Position > start ? 1 : failures + 1;
                if (failures > HubWaits.MostRetries)
                {
                    throw new ModelHubException(
                        exception.Error,
                        $"{file.Path}: {HubText.Bytes(partial.Position)} of {HubText.Bytes(file.Size)} arrived, then {failures} tries in a row failed. {exception.Message} What arrived is kept: the next download goes on from there.",
                        exception
                    );
                }

                counter.Say(file.Path, $"{file.Path}: {exception.Message} Trying again.");
                await settings.Delay(HubWaits.Before(failures, exception), cancellationToken).ConfigureAwait(false);
                if (exception.MayHaveExpired)
                {
                    address = (await client.HeadAsync(model, commit, file.Path, cancellationToken).ConfigureAwait(false)).Address;
                }
            }
        }
    }

    private async Task FetchOnceAsync(Stream partial, ContentHash hash, HubFile file, Uri address, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await client
            .ContentAsync(address, partial.Position, new HubSubject(model, commit, file.Path), cancellationToken)
            .ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            Restart(partial, hash, file);
            return;
        }

        if (answer.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw Damaged(file, $"it came encoded ({string.Join(", ", answer.Content.Headers.ContentEncoding)}), which was not asked for");
        }

        long? total;
        if (answer.StatusCode == HttpStatusCode.PartialContent)
        {
            if (answer.Content.Headers.ContentRange?.From != partial.Position)
            {
                throw Damaged(file, $"the bytes from {partial.Position} on were asked for, {answer.Content.Headers.ContentRange} came");
            }

            total = answer.Content.Headers.ContentRange.Length;
        }
        else
        {
            // The whole file, though a part was asked for.
            Restart(partial, hash, file);
            total = answer.Content.Headers.ContentLength;
        }

        if (total is { } stated && stated != file.Size)
        {
            throw Damaged(file, $"{file.Size} bytes were expected, {stated} are stated");
        }

        Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[BufferSize];
        while (await client.ReadAsync(body, buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            if (partial.Position + read > file.Size)
            {
                throw Damaged(file, $"{file.Size} bytes were expected, more came");
            }

            await partial.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            hash.Append(buffer.AsSpan(0, read));
            counter.Add(file.Path, read);
        }

        if (partial.Position < file.Size)
        {
            throw new ModelHubException(ModelHubError.Unreachable, "The connection ended early.") { MayPass = true };
        }
    }

    private void Restart(Stream partial, ContentHash hash, HubFile file)
    {
        counter.Add(file.Path, -partial.Position);
        partial.SetLength(0);
        partial.Position = 0;
        hash.Restart();
    }

    private ModelHubException Damaged(HubFile file, string problem) =>
        new(
            ModelHubError.Damaged,
            $"{file.Path} of {model} did not arrive as the hub lists it: {problem}. What was downloaded is deleted; try again, or another network."
        );
}
