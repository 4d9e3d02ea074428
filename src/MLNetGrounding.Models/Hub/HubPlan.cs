namespace MLNetGrounding.Models.Hub;

/// <summary>What a download needs to know beside what its user sees.</summary>
/// <param name="Downloader">Whose plan it is.</param>
/// <param name="Tree">The complete list of the commit's files, or <see langword="null"/> where only the cache was looked at.</param>
/// <param name="Files">Those that are needed.</param>
internal sealed record HubPlan(HubDownloader Downloader, IReadOnlyList<HubFile>? Tree, IReadOnlyList<HubFile> Files);
