using MLNetGrounding.Models.Hub;

namespace MLNetGrounding;

/// <summary>Downloads checkpoints from the Hugging Face hub, or a mirror of it, into the cache that Hugging Face's own tools use.</summary>
/// <remarks>
/// Only the files that are needed to open a model are fetched: settings, tokenizer, prompt templates and safetensors weights. Every file is
/// compared with the hash that the hub lists for it while it is written. What a broken line leaves is continued, also by a later process.
/// The variables of Hugging Face's tools count, see <see cref="ModelHubOptions"/>; with <c>HF_HUB_OFFLINE</c> or
/// <c>TRANSFORMERS_OFFLINE</c> no request is sent. Nothing else in this library downloads anything: to open a model by its name
/// (<see cref="VisionLanguageModel.Load"/>) looks into the cache only.
/// </remarks>
public static class ModelHub
{
    /// <summary>
    /// The folder of a model in the cache, or <see langword="null"/>; no request is sent, and whether files are missing is not looked at.
    /// </summary>
    /// <param name="model">The model's name: <c>organization/name</c>.</param>
    /// <param name="options">Cache folder and revision.</param>
    /// <exception cref="ArgumentException">The name or the revision cannot be one.</exception>
    public static string? Find(string model, ModelHubOptions? options = null)
    {
        options ??= new ModelHubOptions();
        HubCache cache = new(HubSettings.Read(options), HubName.RequireModel(model));
        return cache.TryCommit(HubName.RequireRevision(options.Revision)) is { } commit && Directory.Exists(cache.Snapshot(commit))
            ? cache.Snapshot(commit)
            : null;
    }

    /// <summary>Asks the hub what a download would bring; nothing is written.</summary>
    /// <param name="model">The model's name: <c>organization/name</c>.</param>
    /// <param name="options">Where from and where to.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="ArgumentException">The name or the revision cannot be one, or an option is out of range.</exception>
    /// <exception cref="ModelHubException">The model cannot be had; the message says why.</exception>
    public static Task<ModelDownload> PlanAsync(
        string model,
        ModelHubOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new ModelHubOptions();
        HubDownloader downloader = new(HubSettings.Read(options), new CheckpointChoice());
        return downloader.PlanAsync(HubName.RequireModel(model), HubName.RequireRevision(options.Revision), cancellationToken);
    }

    /// <summary>Downloads what a plan lacks.</summary>
    /// <param name="download">From <see cref="PlanAsync"/>.</param>
    /// <param name="progress">Told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Ends the download; what has arrived is continued by the next one.</param>
    /// <returns>The folder to open, <see cref="ModelDownload.Folder"/>.</returns>
    /// <exception cref="ModelHubException">A file cannot be had or stored; the message says why.</exception>
    public static Task<string> GetAsync(
        ModelDownload download,
        IProgress<ModelDownloadProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(download);
        return download.Plan.Downloader.GetAsync(download, progress, cancellationToken);
    }

    /// <summary>Downloads a model, as far as the cache lacks it.</summary>
    /// <param name="model">The model's name: <c>organization/name</c>.</param>
    /// <param name="options">Where from and where to.</param>
    /// <param name="progress">Told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Ends the download; what has arrived is continued by the next one.</param>
    /// <returns>The folder to open: a snapshot in the cache.</returns>
    /// <exception cref="ArgumentException">The name or the revision cannot be one, or an option is out of range.</exception>
    /// <exception cref="ModelHubException">The model cannot be had or stored; the message says why.</exception>
    public static async Task<string> GetAsync(
        string model,
        ModelHubOptions? options = null,
        IProgress<ModelDownloadProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ModelDownload download = await PlanAsync(model, options, cancellationToken).ConfigureAwait(false);
        return await GetAsync(download, progress, cancellationToken).ConfigureAwait(false);
    }
}
